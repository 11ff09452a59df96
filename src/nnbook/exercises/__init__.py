"""Checks of the exercises: one module a page, one function an exercise.

A check looks at an answer and gives a verdict: *not attempted yet*, *right*, or *wrong* with what was seen, why it is
wrong and one next step. What a check is made of stands in `nnbook.exercises.verdicts`.
"""
