"""The book's figures: their look in `style`, the drawings in a room for each subject."""
