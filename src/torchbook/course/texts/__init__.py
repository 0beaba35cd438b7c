"""The texts of the course, read and checked: lessons, plan, glossary, quizzes and formulas."""
