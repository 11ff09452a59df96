"""The gradient check itself, against slopes that one works out on paper."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnbook.gradients import finite_differences, relative_error

numbers = st.floats(-10, 10, allow_subnormal=False)


# f(w) = w³ at 2 with step 1, on paper: (3³ − 1³) / 2 = 13, where the slope itself is 3 · 2² = 12: error step² = 1.
def test_a_central_difference_on_paper():
    weight = np.array([2.0])
    assert finite_differences(lambda: float(weight[0] ** 3), weight, step=1.0).tolist() == [13.0]


# f = 3 a² b + c at a = 2, b = 5, c = 7: 6 a b = 60, 3 a² = 12, 1.
def test_slopes_of_a_matrix_on_paper():
    entries = np.array([[2.0, 5.0, 7.0]])
    slopes = finite_differences(lambda: float(3 * entries[0, 0] ** 2 * entries[0, 1] + entries[0, 2]), entries)
    assert slopes.shape == (1, 3) and slopes.dtype == np.float64
    assert slopes == pytest.approx(np.array([[60.0, 12.0, 1.0]]), rel=1e-8)


# The central difference of exp(w) at 0 is off by step² / 6, about 2e-11.
def test_the_default_step_is_one_in_a_hundred_thousand():
    asked = []
    weight = np.array([0.0])
    slope = finite_differences(lambda: asked.append(float(weight[0])) or float(np.exp(weight[0])), weight)
    assert asked == [1e-5, -1e-5]
    assert abs(slope[0] - 1) < 1e-10


@given(st.lists(numbers, min_size=1, max_size=6), st.sampled_from([1e-6, 1e-3, 0.5]))
def test_a_parabola_has_its_slope_at_any_step_and_the_parameter_is_put_back(values, step):
    parameter = np.array(values)
    before = parameter.copy()
    slopes = finite_differences(lambda: float((parameter**2).sum()), parameter, step)
    # Rounding: the loss is at most 6 · 10.5², and one unit in its last place is divided by twice the step.
    assert np.abs(slopes - 2 * before).max() <= 8 * 662 * 2.2e-16 / step + 1e-12
    assert np.array_equal(parameter, before)


def test_only_one_entry_moves_at_a_time():
    parameter = np.zeros((2, 2))
    moved = []
    finite_differences(lambda: moved.append(parameter.copy()) or 0.0, parameter, 0.25)
    for place, (above, below) in enumerate(zip(moved[::2], moved[1::2], strict=True)):
        expected = np.zeros(4)
        expected[place] = 0.25
        assert np.array_equal(above.ravel(), expected) and np.array_equal(below.ravel(), -expected)


def test_a_parameter_without_axes_or_without_entries():
    scalar = np.array(3.0)
    assert finite_differences(lambda: float(scalar**2), scalar, 0.5) == 6.0
    assert finite_differences(lambda: 1.0, np.zeros((0, 2))).shape == (0, 2)


def test_a_wrong_gradient_is_told_from_a_right_one():
    weight = np.array([0.5, -0.3])
    tried = finite_differences(lambda: float(np.tanh(weight).sum()), weight)
    right, twice = 1 - np.tanh(weight) ** 2, 2 * (1 - np.tanh(weight) ** 2)
    assert relative_error(right, tried) < 1e-9
    assert relative_error(twice, tried) == pytest.approx(1.0)


# |1 − 1|, |2.5 − 2|, |−3 + 4| = 0, 0.5, 1 and the greatest entry of the second is |−4|: 1 / 4; turned round 1 / 3.
def test_relative_error_on_paper():
    ours, reference = np.array([1.0, 2.5, -3.0]), np.array([1.0, 2.0, -4.0])
    assert relative_error(ours, reference) == 0.25
    assert relative_error(reference, ours) == pytest.approx(1 / 3)
    assert relative_error(-ours, ours) == 2.0
    assert type(relative_error(ours, reference)) is float
    assert relative_error([3], [2]) == 0.5


# The second is all zeros: the greatest difference itself.
def test_relative_error_of_zeros():
    assert relative_error(np.array([0.25, -0.5]), np.zeros(2)) == 0.5
    assert relative_error(np.zeros(2), np.zeros(2)) == 0.0


@given(st.lists(st.tuples(numbers, numbers), min_size=1, max_size=5), st.sampled_from([0.25, 2.0, 64.0]))
def test_relative_error_has_no_unit(pairs, factor):
    ours, reference = np.array(pairs).T
    if np.abs(reference).max() > 1e-3:
        assert relative_error(factor * ours, factor * reference) == pytest.approx(relative_error(ours, reference))
    assert relative_error(reference, reference) == 0.0


def test_nan_is_no_agreement():
    assert not relative_error(np.array([np.nan, 1.0]), np.array([1.0, 1.0])) < 1


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (
            lambda: finite_differences(float, np.zeros(2, np.float32)),
            "parameter must be an array of float64, but is float32; convert it with .astype(np.float64)",
        ),
        (lambda: finite_differences(float, [1.0]), "must be an array of float64, but is list"),
        (lambda: finite_differences(float, np.float64(1.0)), "must be an array of float64, but is float64"),
        (lambda: finite_differences(float, np.zeros(2, int)), "but is int64"),
        (lambda: finite_differences(float, np.zeros(2), 0), "step must be above 0, but is 0; 1e-5 is a good one"),
        (lambda: finite_differences(float, np.zeros(2), -1e-5), "step must be above 0, but is -1e-05"),
        (lambda: finite_differences(float, np.zeros(2), float("nan")), "step must be above 0, but is nan"),
        (lambda: relative_error(np.zeros(2), np.zeros((1, 2))), "but have (2,) and (1, 2)"),
        (lambda: relative_error(np.zeros(2), np.zeros(3)), "must have the same shape and not be empty"),
        (lambda: relative_error(np.zeros(0), np.zeros(0)), "but have (0,) and (0,)"),
    ],
)
def test_wrong_calls_say_what_to_do(call, said):
    with pytest.raises(ValueError) as error:
        call()
    assert said in str(error.value)
