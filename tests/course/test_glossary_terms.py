"""The glossary that torchbook ships: complete and short (`test_proof.py` proves its code)."""

import re

from torchbook.course.texts.glossary import find, read_glossary
from torchbook.explain import RULES

ENTRIES = read_glossary()

# What people meet in the notes that the course grew from, in the words that they would look up.
TERMS = """
accuracy; activation function; ReLU; sigmoid; tanh; LeakyReLU; adversarial; argmax; argmin; shape; augmentation;
autograd; backpropagation; batch; batch normalisation; batch size; bias; broadcasting; channel; checkpoint; class;
class score; classification; clustering; computation graph; dynamic computation graph; contiguous; continuous value;
ordinal value; categorical value; convergence; convex; convolution; cost; loss; error function; criterion; cross-
entropy; binary cross-entropy; multi-class cross-entropy; CUDA; CycleGAN; data loader; dataset; decision boundary;
depth; detach; device; DICOM; discriminator; discrete; continuous; dropout; dtype; early stopping; embedding;
ensemble; epoch; evaluation mode; feature; feature map; feature vector; feed-forward; filter; kernel; fine-tuning;
flatten; frequency; fully connected; GAN; generator; GPU; gradient; gradient accumulation; gradient descent; batch
gradient descent; stochastic gradient descent; mini-batch gradient descent; hidden layer; high-pass filter;
Hounsfield unit; hyperparameter; hypothesis function; image depth; bits per channel; in-place operation; inference;
initialisation; item; label; layer; learning rate; learning rate annealing; likelihood; maximum likelihood; linear
regression; local connectivity; local minimum; log-loss; logistic regression; logits; matrix; mean squared error;
MNIST; Fashion-MNIST; CIFAR-10; model; module; momentum; multilayer perceptron; neural network; neuron; unit;
normalisation; one-hot; one-cycle; optimizer; overfitting; underfitting; padding; parameter; perceptron; perceptron
trick; permutation of dimensions; pooling; precision; recall; pretrained; random restart; random seed; recurrent
network; regularisation; L1; L2; representation; reproducibility; residual layer; reshape; view; scalar; scoring;
semi-supervised learning; self-supervised learning; unsupervised learning; supervised learning; shallow algorithm;
softmax; squeeze; unsqueeze; stack; state dict; step; stride; supervised; tensor; test set; training set; validation
set; Torch Hub; training mode; transfer learning; transform; transformer; transpose; vector; volume; weight; weight
decay; XOR; CNN; Adam; NLLLoss; LogSoftmax; leaf; leaves; chain rule; baseline; confusion matrices; double; dot
product; structured data; unstructured data; input layer; output layer; sequence to sequence; reinforcement learning;
step size; multinomial regression; local minima; criteria; slope; derivatives; dimensions; standard deviation; NaN;
vanishing gradients; attention; LSTM; backprop; bfloat16
"""


def test_every_term_is_explained():
    assert [term for term in map(str.strip, TERMS.split(";")) if find(ENTRIES, term)[0] is None] == []


def test_every_term_of_an_explanation_can_be_looked_up():
    assert [term for rule in RULES for term in rule.terms if find(ENTRIES, term)[0] is None] == []


def test_entries_are_short():
    faults = []
    for entry in ENTRIES:
        sentences = len(re.findall(r"[.!?](?=\s|\)|$)", re.sub(r"\$[^$]*\$|`[^`]*`", "x", entry.text)))
        lines = len(entry.code.splitlines())
        if not all(0 <= lesson <= 32 for lesson in entry.lessons):
            faults.append(f"{entry.term}: lessons {entry.lessons}, expected 0 to 32")
        if not 1 <= sentences <= 5:
            faults.append(f"{entry.term}: {sentences} sentences, expected 1 to 5")
        if lines > 4:
            faults.append(f"{entry.term}: {lines} lines of code, expected 4 or fewer")
    assert not faults, "\n".join(faults)
