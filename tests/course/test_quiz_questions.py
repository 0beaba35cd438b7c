"""The quizzes that torchbook ships: questions of every kind, each with its reasons (`test_proof.py` proves them)."""

from torchbook.course.texts.plan import LESSONS
from torchbook.course.texts.quiz import KINDS, quizzes, read_quiz

QUIZZES = {lesson: read_quiz(path) for lesson, path in quizzes().items()}
QUESTIONS = {f"{lesson:02}-{question.id}": question for lesson, quiz in QUIZZES.items() for question in quiz.questions}


def test_there_are_quizzes_for_the_lessons_that_exercises_go_with():
    assert set(QUIZZES) >= {1, 2, 3, 4, 8, 9, 10, 13, 14, 15}
    assert {question.kind for question in QUESTIONS.values()} == set(KINDS)


def test_a_quiz_is_named_after_its_lesson_and_mixes_the_kinds():
    faults = []
    titles = {lesson.number: lesson.title for lesson in LESSONS}
    for number, quiz in QUIZZES.items():
        kinds = {question.kind for question in quiz.questions}
        if quiz.title != titles[number]:
            faults.append(f"quiz {number}: its title is {quiz.title!r}, that of its lesson {titles[number]!r}")
        if len(quiz.questions) < 6 or len(kinds) < 3:
            faults.append(f"quiz {number}: {len(quiz.questions)} questions of {len(kinds)} kinds, expected 6 of 3")
    assert not faults, "\n".join(faults)


def test_a_question_foresees_mistakes():
    faults = []
    for name, question in QUESTIONS.items():
        if not ([option for option in question.options if not option.right] or question.mistakes):
            faults += [f"{name}: no wrong answer has a reason"] * (question.kind != "order")
        short = [answer.why for answer in (*question.options, *question.mistakes) if len(answer.why) <= 20]
        faults += [f"{name}: the reason {why!r} says too little" for why in short]
    assert not faults, "\n".join(faults)


def test_formulas_and_code_are_closed():
    faults = []
    for name, question in QUESTIONS.items():
        reasons = [answer.why for answer in (*question.options, *question.mistakes)]
        for text in (question.ask, question.why, *reasons):
            if text.count("$") % 2 or text.count("`") % 2:
                faults.append(f"{name}: a $ or ` is not closed in {text!r}")
    assert not faults, "\n".join(faults)
