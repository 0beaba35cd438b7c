import pytest
from hypothesis import given
from hypothesis import strategies as st

from torchbook.course.authoring.proofs import unproven_entry
from torchbook.course.texts.glossary import find, read_glossary
from torchbook.errors import TorchbookError

TEXT = """# Glossary

What the words mean.

## batch
lessons: 07

Several samples at once.

```python
torch.zeros(3, 2).shape[0]  # 3
```

## cross-entropy
also: log-loss of classes, CE
lessons: 13, 14
see: softmax (function)

How surprised the model was: the *negative* logarithm $-\\log p$.
It is averaged.

$$ L = -\\log p_y $$

```python
logits = torch.tensor([[2.0, 0.0]])
F.cross_entropy(logits, torch.tensor([0]))  # tensor(0.1269)
math.exp(1)  # 2.718
```

## normalisation
lessons: 5

Mean zero.

$$ z = \\frac{x - \\mu}{\\sigma} $$

## softmax (function)
lessons: 13

Scores to probabilities.

$$ e^{z_i} / \\sum_j e^{z_j} $$
"""


@pytest.fixture
def read(tmp_path):
    def read(text):
        (tmp_path / "glossary.md").write_text(text)
        return read_glossary(tmp_path / "glossary.md")

    return read


def test_entries_are_read(read):
    batch, entropy, _, softmax = read(TEXT)
    assert batch.lessons == (7,) and batch.formula == "" and batch.code == "torch.zeros(3, 2).shape[0]  # 3"
    assert entropy.aliases == ("log-loss of classes", "CE") and entropy.see == ("softmax (function)",)
    assert entropy.text == "How surprised the model was: the *negative* logarithm $-\\log p$. It is averaged."
    assert entropy.formula == "L = -\\log p_y"
    assert softmax.code == ""


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("lessons: 07\n", "", "batch: expected a line 'lessons"),
        ("lessons: 07", "lessons: seven", "batch: expected a line 'lessons"),
        ("lessons: 07", "lesson: 07", "batch: 'lesson' is none of"),
        ("see: softmax (function)", "see: softmax", "cross-entropy: see 'softmax'"),
        ("CE", "batch", "'batch' also names batch"),
        ("## batch", "## dropout", "cross-entropy: it belongs before dropout"),
        ("$$ e^{z_i} / \\sum_j e^{z_j} $$", "", "expected a formula"),
        ("Scores to probabilities.", "", "expected one paragraph"),
        ("Scores to probabilities.", "One.\n\nTwo.", "expected one paragraph"),
        ("```python\ntorch", "```\ntorch", "expected one paragraph"),
        ("math.exp(1)  # 2.718", "\n".join("abcdefg"), "at most six"),
    ],
)
def test_what_is_wrong_is_said_with_the_entry(read, before, after, said):
    assert TEXT.count(before) == 1
    with pytest.raises(TorchbookError, match=said):
        read(TEXT.replace(before, after))


@pytest.mark.parametrize(
    ("name", "term"),
    [
        ("Batch", "batch"),
        ("batches", "batch"),
        ("ce", "cross-entropy"),
        ("Cross entropy", "cross-entropy"),
        ("cross_entropy", "cross-entropy"),
        ("softmax", "softmax (function)"),
        ("normalization", "normalisation"),
    ],
)
def test_a_term_is_found_however_it_is_written(read, name, term):
    found, near = find(read(TEXT), name)
    assert found is not None and found.term == term and near == ()


def test_near_terms_are_named_for_what_is_not_there(read):
    entries = read(TEXT)
    assert find(entries, "crossentropie") == (None, ("cross-entropy",))
    assert find(entries, "entropy") == (None, ("cross-entropy",))
    assert find(entries, "xyz") == (None, ())
    assert find(entries, "") == (None, ())


def test_the_code_proves_what_its_comments_say(read):
    assert [unproven_entry(entry) for entry in read(TEXT)] == [[], [], [], []]
    for before, after in [("# 3", "# 4"), ("0.1269", "0.1270"), ("2.718", "2.719"), ("math.exp(1)", "math.ex(1)")]:
        assert any(unproven_entry(entry) for entry in read(TEXT.replace(before, after))), after


@given(st.text(max_size=20))
def test_no_word_breaks_the_lookup(name):
    entry, near = find((), name)
    assert entry is None and near == ()
