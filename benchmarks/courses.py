"""ResNet-9 as the courses train it: float32, Adam on one cycle, a `DataLoader` that changes one picture at a time."""

import numpy
import torch
import torch.nn.functional as F
from PIL import Image, ImageOps
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset

BATCH, EPOCHS, RATE, DECAY, CLIP = 400, 8, 0.01, 1e-4, 0.1


def layer(inputs: int, outputs: int, *, pool: bool = False) -> nn.Sequential:
    layers = [nn.Conv2d(inputs, outputs, 3, padding=1), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True)]
    return nn.Sequential(*layers, *([nn.MaxPool2d(2)] if pool else []))


class Network(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        one, two, four, eight = (width * factor for factor in (1, 2, 4, 8))
        self.first = nn.Sequential(layer(3, one), layer(one, two, pool=True))
        self.residual1 = nn.Sequential(layer(two, two), layer(two, two))
        self.second = nn.Sequential(layer(two, four, pool=True), layer(four, eight, pool=True))
        self.residual2 = nn.Sequential(layer(eight, eight), layer(eight, eight))
        self.head = nn.Sequential(nn.MaxPool2d(4), nn.Flatten(), nn.Linear(eight, 10))

    def forward(self, images: Tensor) -> Tensor:
        x = self.first(images)
        x = self.residual1(x) + x
        x = self.second(x)
        return self.head(self.residual2(x) + x)


class Pictures(Dataset):
    """Reflect by four pixels, crop, mirror, to floats, normalise: one picture at a time, with Pillow."""

    def __init__(self, images: Tensor, labels: Tensor, mean: Tensor, std: Tensor):
        self.images, self.labels = images.permute(0, 2, 3, 1).numpy(), labels.tolist()
        self.mean, self.std = mean.view(3, 1, 1), std.view(3, 1, 1)

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, index: int) -> tuple[Tensor, int]:
        picture = Image.fromarray(numpy.pad(self.images[index], ((4, 4), (4, 4), (0, 0)), mode="reflect"))
        left, top = torch.randint(9, (2,)).tolist()
        picture = picture.crop((left, top, left + 32, top + 32))
        if torch.rand(()) < 0.5:
            picture = ImageOps.mirror(picture)
        values = torch.from_numpy(numpy.array(picture)).permute(2, 0, 1).float().div(255)
        return (values - self.mean) / self.std, self.labels[index]


class Courses:
    """One training: `step()` is one update. `channels_last` and so on are what the courses do not do."""

    def __init__(self, images: Tensor, labels: Tensor, mean: Tensor, std: Tensor, *, width: int = 64, seed: int = 0):
        torch.manual_seed(seed)
        self.mean, self.std = mean, std
        self.loader = DataLoader(Pictures(images, labels, mean, std), batch_size=BATCH, shuffle=True)
        self.network = Network(width)
        self.optimizer = torch.optim.Adam(self.network.parameters(), lr=RATE, weight_decay=DECAY)
        self.steps_per_epoch = len(self.loader)
        self.schedule = torch.optim.lr_scheduler.OneCycleLR(
            self.optimizer, RATE, epochs=EPOCHS, steps_per_epoch=self.steps_per_epoch
        )
        self.batches, self.steps = iter(self.loader), 0

    def step(self) -> float:
        if self.steps and self.steps % self.steps_per_epoch == 0:
            self.batches = iter(self.loader)
        images, labels = next(self.batches)
        self.network.train()
        loss = F.cross_entropy(self.network(images), labels)
        loss.backward()
        nn.utils.clip_grad_value_(self.network.parameters(), CLIP)
        self.optimizer.step()
        self.optimizer.zero_grad()
        self.schedule.step()
        self.steps += 1
        return loss.item()

    @torch.no_grad()
    def accuracy(self, images: Tensor, labels: Tensor) -> float:
        self.network.eval()
        mean, std = self.mean.view(1, 3, 1, 1), self.std.view(1, 3, 1, 1)
        parts = zip(images.split(1000), labels.split(1000), strict=True)
        right = sum((self.network((x.float() / 255 - mean) / std).argmax(1) == y).sum().item() for x, y in parts)
        return right / len(labels)
