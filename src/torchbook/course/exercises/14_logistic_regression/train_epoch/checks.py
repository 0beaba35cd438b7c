import torch
from torch import nn

from torchbook.course.grading.cases import case


class Watched(nn.Linear):
    """A linear layer that notes its mode whenever it is used."""

    def forward(self, inputs):
        self.modes = [*getattr(self, "modes", []), "training" if self.training else "evaluation"]
        return super().forward(inputs)


def model_and_batches(draw, lengths):
    inputs, classes = draw.size("inputs"), draw.size("classes")
    model = Watched(inputs, classes)
    model.load_state_dict({"weight": draw.normal("classes inputs"), "bias": draw.normal("classes")})
    return model, [(draw.normal(f"{n} inputs", std=2.0), draw.integers(f"{n}", 0, classes)) for n in lengths]


@case("one batch", lengths=[6])
@case("two batches of one length", lengths=[6, 6])
@case("a short last batch", lengths=[5, 5, 1], repeat=2)
@case("two epochs", lengths=[4, 4, 2], epochs=2)
@case("an optimizer with momentum", lengths=[4, 4, 2], momentum=0.9)
@case("a small learning rate", lengths=[4, 2], learning_rate=0.01)
def trained(answer, draw, lengths, epochs=1, learning_rate=0.5, momentum=0.0):
    model, batches = model_and_batches(draw, lengths)
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate, momentum=momentum)
    losses = [answer.train_epoch(model, batches, optimizer) for _ in range(epochs)]
    return {"loss": losses[0] if epochs == 1 else losses, "weights": model.weight, "biases": model.bias}


@case("a model that was in evaluation mode")
def mode(answer, draw):
    model, batches = model_and_batches(draw, [4])
    answer.train_epoch(model.eval(), batches, torch.optim.SGD(model.parameters(), lr=0.5))
    return {"the mode of the model while it was used": sorted(set(model.modes))}
