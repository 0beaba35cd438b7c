"""A plain PyTorch implementation of the algorithm that K. Jordan published as airbench94_muon, in eager mode.

94 % on CIFAR-10 in 2.59 seconds on an A100: the peer beside which `speednet` is measured. The algorithm and its numbers
are his (94 % on CIFAR-10 in 3.29 Seconds on a Single GPU, 2024, and its successor with Muon); whole batches of 2,000 go
through the network at once, as there.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

BATCH, EPOCHS, WHITENING_EPOCHS = 2000, 8, 3
SMOOTHING, BIAS_RATE, HEAD_RATE, FILTER_RATE, DECAY = 0.2, 0.053, 0.67, 0.24, 2e-6 * BATCH


class Network(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.whiten = nn.Conv2d(3, 24, 2)
        self.whiten.weight.requires_grad_(False)
        widths = [(24, 64), (64, 256), (256, 256)]
        self.groups = nn.ModuleList(self._group(i, o) for i, o in widths)
        self.head = nn.Linear(256, 10, bias=False)
        nn.init.zeros_(self.whiten.bias)
        self.head.weight.data /= self.head.weight.data.std()

    @staticmethod
    def _group(inputs: int, outputs: int) -> nn.Module:
        convolutions = [nn.Conv2d(i, outputs, 3, padding=1, bias=False) for i in (inputs, outputs)]
        norms = [nn.BatchNorm2d(outputs, momentum=0.4) for _ in range(2)]
        for convolution, norm in zip(convolutions, norms, strict=True):
            nn.init.dirac_(convolution.weight.data[: convolution.in_channels])
            norm.weight.requires_grad_(False)
        first, second = convolutions
        return nn.Sequential(first, nn.MaxPool2d(2), norms[0], nn.GELU(), second, norms[1], nn.GELU())

    def forward(self, images: Tensor, *, learn_shift: bool = True) -> Tensor:
        bias = self.whiten.bias if learn_shift else self.whiten.bias.detach()
        x = F.gelu(F.conv2d(images, self.whiten.weight, bias))
        for group in self.groups:
            x = group(x)
        return self.head(F.max_pool2d(x, 3).flatten(1)) / 256

    @torch.no_grad()
    def whiten_with(self, images: Tensor) -> None:
        patches = images.unfold(2, 2, 1).unfold(3, 2, 1).permute(0, 2, 3, 1, 4, 5).reshape(-1, 12)
        values, vectors = torch.linalg.eigh(patches.T @ patches / len(patches))
        filters = vectors.T.flip(0).reshape(12, 3, 2, 2) / (values.flip(0).view(-1, 1, 1, 1) + 5e-4).sqrt()
        self.whiten.weight.copy_(torch.cat([filters, -filters]))


class Airbench:
    """One training: `step()` is one update, `evaluate()` looks at each picture from six sides."""

    def __init__(self, images: Tensor, labels: Tensor, mean: Tensor, std: Tensor, *, autocast, seed: int = 0):
        torch.manual_seed(seed)
        self.mean, self.std, self.autocast = mean.view(1, 3, 1, 1), std.view(1, 3, 1, 1), autocast
        # Padded once; a crop is a window in it.
        self.images, self.labels = F.pad(self.normalized(images), (2,) * 4, mode="reflect"), labels
        self.mirrored = torch.rand(len(images)) < 0.5
        self.network = Network()
        # The published program takes the first 5,000, which are in random order there; these are ordered by class.
        self.network.whiten_with(self.normalized(images[:: max(1, len(images) // 5000)]))
        self.network.to(memory_format=torch.channels_last)
        self.filters = [p for p in self.network.parameters() if p.ndim == 4 and p.requires_grad]
        self.momentum = [torch.zeros_like(p) for p in self.filters]
        norms = [p for p in self.network.groups.parameters() if p.ndim == 1 and p.requires_grad]
        self.plain = torch.optim.SGD(
            [
                {"params": [self.network.whiten.bias], "lr": BIAS_RATE, "weight_decay": DECAY / BIAS_RATE},
                {"params": norms, "lr": BIAS_RATE, "weight_decay": DECAY / BIAS_RATE},
                {"params": [self.network.head.weight], "lr": HEAD_RATE, "weight_decay": DECAY / HEAD_RATE},
            ],
            momentum=0.85,
            nesterov=True,
        )
        self.rates = [group["lr"] for group in self.plain.param_groups]
        self.steps_per_epoch = -(-len(images) // BATCH)
        self.steps = 0

    def normalized(self, images: Tensor) -> Tensor:
        return (images.float() / 255 - self.mean) / self.std

    def step(self) -> float:
        epoch, number = divmod(self.steps, self.steps_per_epoch)
        if number == 0:
            self.order = torch.randperm(len(self.images))
        chosen = self.order[number * BATCH : (number + 1) * BATCH]
        images = self.crops(self.images[chosen])
        flip = (self.mirrored[chosen] ^ (epoch % 2 == 1)).view(-1, 1, 1, 1)
        images = torch.where(flip, images.flip(-1), images).contiguous(memory_format=torch.channels_last)
        self.network.train()
        with self.autocast():
            logits = self.network(images, learn_shift=epoch < WHITENING_EPOCHS)
        loss = F.cross_entropy(logits.float(), self.labels[chosen], label_smoothing=SMOOTHING, reduction="sum")
        loss.backward()
        self.update()
        self.steps += 1
        return loss.item() / len(chosen)

    def crops(self, padded: Tensor) -> Tensor:
        out = torch.empty(len(padded), 3, 32, 32)
        shifts = torch.randint(5, (len(padded), 2))
        for down in range(5):
            for right in range(5):
                here = (shifts == torch.tensor([down, right])).all(1)
                out[here] = padded[here][:, :, down : down + 32, right : right + 32]
        return out

    @torch.no_grad()
    def update(self) -> None:
        remaining = 1 - self.steps / (EPOCHS * self.steps_per_epoch)
        shift = max(0.0, 1 - self.steps / (WHITENING_EPOCHS * self.steps_per_epoch))
        for group, rate, left in zip(self.plain.param_groups, self.rates, (shift, remaining, remaining), strict=True):
            group["lr"] = rate * left
        self.plain.step()
        for weight, buffer in zip(self.filters, self.momentum, strict=True):
            gradient = weight.grad
            buffer.mul_(0.6).add_(gradient)
            direction = gradient.add(buffer, alpha=0.6)
            weight.mul_(len(weight) ** 0.5 / weight.norm())
            weight.add_(
                self.orthogonal(direction.reshape(len(weight), -1)).view_as(weight), alpha=-FILTER_RATE * remaining
            )
        self.network.zero_grad()

    def orthogonal(self, matrix: Tensor) -> Tensor:
        with self.autocast():
            x = matrix / (matrix.norm() + 1e-7)
            tall = len(x) > x.shape[1]
            x = x.T if tall else x
            for _ in range(3):
                square = x @ x.T
                x = 3.4445 * x + (-4.7750 * square + 2.0315 * square @ square) @ x
        return (x.T if tall else x).float()

    @torch.no_grad()
    def accuracy(self, images: Tensor, labels: Tensor) -> float:
        self.network.eval()
        right = 0
        for some, answers in zip(images.split(1000), labels.split(1000), strict=True):
            plain = self.normalized(some).contiguous(memory_format=torch.channels_last)
            padded = F.pad(plain, (1,) * 4, mode="reflect")
            views = [(0.5, plain), (0.25, padded[:, :, :32, :32]), (0.25, padded[:, :, 2:, 2:])]
            with self.autocast():
                logits = sum(w * (self.network(v).float() + self.network(v.flip(-1)).float()) / 2 for w, v in views)
            right += (logits.argmax(1) == answers).sum().item()
        return right / len(labels)
