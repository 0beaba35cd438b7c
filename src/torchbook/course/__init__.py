"""The course: lessons, exercises that answer back, quizzes, progress; nothing outside this folder imports it."""
