"""The quizzes that torchbook ships: questions of every kind, each with its reasons (`test_proof.py` proves them)."""

from torchbook.course.texts.plan import LESSONS
from torchbook.course.texts.quiz import KINDS, quizzes, read_quiz
from torchbook.course.texts.quiz_marks import display_order

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


def test_the_right_option_stands_nowhere_more_often_than_chance():
    """The place of the right option among those shown, over all questions: its mean is that of chance."""
    chosen = [question for question in QUESTIONS.values() if len(question.options) > 2 and not question.several]
    for seed in range(20):
        places, expected, variance = 0, 0.0, 0.0
        for question in chosen:
            order, count = display_order(question, seed=seed), len(question.options)
            places += next(place for place, i in enumerate(order) if question.options[i].right)
            expected, variance = expected + (count - 1) / 2, variance + (count**2 - 1) / 12
        assert abs(places - expected) < 4 * variance**0.5, f"seed {seed}: {places} places, by chance {expected}"


def test_the_longest_option_is_not_mostly_the_right_one():
    chosen = [question for question in QUESTIONS.values() if len(question.options) > 2 and not question.several]
    longest = [max(question.options, key=lambda option: len(option.text)).right for question in chosen]
    by_chance = sum(1 / len(question.options) for question in chosen)
    assert sum(longest) < by_chance + 3 * (by_chance * 0.75) ** 0.5, f"{sum(longest)} of {len(longest)}"


def test_a_question_with_code_is_proved_by_it():
    """`test_proofs.py` runs the code and compares; here only that no code goes without."""
    for name, question in QUESTIONS.items():
        proofs = [question.proof, *(option.proof for option in question.options)]
        assert not question.code or question.kind in ("predict", "order") or any(proofs), name
