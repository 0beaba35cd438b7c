"""Exercises and quizzes as cards of a page: what their buttons do, what they show, and how they are drawn."""
