"""The task of two networks against each other: a generator that makes samples, a discriminator that tells them from
real ones."""

import copy
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from torchbook.device import Choice
from torchbook.training.first_batch import check_task_parts
from torchbook.training.task import Task


class Adversarial(Task):
    """A generative adversarial network (Goodfellow, 2014) with the non-saturating loss on logits.

    One step updates the discriminator and then the generator, each with its own optimizer. The generator maps `[batch,
    latent]` to samples and says its `latent` size; the discriminator maps samples to logits `[batch]`, positive for
    "real". Samples are taken from a moving average of the generator's weights (`average` is what is kept of it at a
    step), which is smoother than the generator of the moment. `judge` compares real batches with generated samples.
    """

    in_parts = False

    def __init__(
        self,
        generator: Any,
        discriminator: nn.Module,
        generator_optimizer: torch.optim.Optimizer,
        discriminator_optimizer: torch.optim.Optimizer,
        *,
        judge: Callable[[Iterable[Any], Tensor], dict[str, Any]] | None = None,
        samples: int = 2000,
        average: float = 0.999,
        seed: int = 0,
        choice: Choice | None = None,
    ):
        check_task_parts(discriminator, discriminator_optimizer, None)
        super().__init__(generator, generator_optimizer, choice=choice)
        self.generator, self.discriminator = generator, self.choice.place(discriminator) if choice else discriminator
        self.generator_optimizer, self.discriminator_optimizer = generator_optimizer, discriminator_optimizer
        # What training is for.
        self.model = self.averaged = copy.deepcopy(generator).requires_grad_(False)
        self.judge, self.samples, self.average = judge, samples, average
        self.noise = torch.Generator(self.choice.torch_device).manual_seed(seed)

    def step(self, batch: tuple[Tensor, Tensor | None]) -> dict[str, Tensor]:
        """One update of each network; the losses, and the share of real and of generated samples called "real"."""
        real = batch[0]
        self.generator.train()
        self.discriminator.train()
        latent = self._own_latent(len(real))
        with self.choice.autocast():
            fake = self.generator(latent)
        discriminator_loss, on_real, on_fake = self._update_discriminator(real, fake.detach())
        called_real = [(answers > 0).float().mean() for answers in (on_real, on_fake)]
        generator_loss = self._update_generator(fake, called_real)
        self._update_average()
        self.steps += 1
        return {
            "generator_loss": generator_loss,
            "discriminator_loss": discriminator_loss,
            "real_called_real": called_real[0],
            "fake_called_real": called_real[1],
        }

    def _update_discriminator(self, real: Tensor, fake: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        with self.choice.autocast():
            on_real, on_fake = self.discriminator(real).float(), self.discriminator(fake).float()
        loss = F.softplus(-on_real).mean() + F.softplus(on_fake).mean()
        loss.backward()
        loss = loss.detach()
        self._average(self.discriminator, [loss], len(real))
        self.discriminator_optimizer.step()
        self.discriminator_optimizer.zero_grad()
        return loss, on_real.detach(), on_fake.detach()

    def _update_generator(self, fake: Tensor, measures: Sequence[Tensor] = ()) -> Tensor:
        # The gradient passes through the discriminator, but its own weights need none now.
        self.discriminator.requires_grad_(False)
        with self.choice.autocast():
            loss = F.softplus(-self.discriminator(fake).float()).mean()
        loss.backward()
        loss = loss.detach()
        self.discriminator.requires_grad_(True)
        self._average(self.generator, [loss, *measures], len(fake))
        self.generator_optimizer.step()
        self.generator_optimizer.zero_grad()
        return loss

    def _average(self, network: nn.Module, measures: Sequence[Tensor], samples: int) -> None:
        if not self.processes.alone:
            self.processes.average(network, measures, samples)

    @torch.no_grad()
    def _update_average(self) -> None:
        # Early on the average would still be mostly the random start, so it begins short and grows long.
        kept = min(self.average, (1 + self.steps) / (10 + self.steps))
        for mean, value in zip(self.averaged.parameters(), self.generator.parameters(), strict=True):
            mean.lerp_(value, 1 - kept)
        for kept_buffer, buffer in zip(self.averaged.buffers(), self.generator.buffers(), strict=True):
            kept_buffer.copy_(buffer)

    def _own_latent(self, count: int) -> Tensor:
        """Noise for this process's samples, out of what is drawn for the batch as a whole."""
        if self.processes.alone:
            return self._latent(count, self.noise)
        before, total = self.processes.place(count)
        return self._latent(total, self.noise)[before : before + count]

    def _latent(self, count: int, generator: torch.Generator) -> Tensor:
        return torch.randn(count, self.generator.latent, generator=generator, device=generator.device)

    def generate(self, count: int, *, seed: int = 0) -> Tensor:
        """`count` samples of the averaged generator, the same ones for the same seed; float32 on the CPU, -1..1."""
        return sample(self.averaged, count, seed=seed, device=self.choice.torch_device)

    def evaluate(self, batches: Iterable[Any]) -> dict[str, Any]:
        """What `judge` says of these real batches and `samples` generated ones, always of the same noise."""
        if self.judge is None:
            return {}
        judge = self.judge
        return self.processes.from_first(lambda: judge(batches, self.generate(self.samples)))

    def _parts(self) -> dict[str, Any]:
        return {
            "generator": self.generator,
            "discriminator": self.discriminator,
            "averaged": self.averaged,
            "generator_optimizer": self.generator_optimizer,
            "discriminator_optimizer": self.discriminator_optimizer,
        }

    def state_dict(self) -> dict[str, Any]:
        parts = {name: part.state_dict() for name, part in self._parts().items()}
        return parts | {"steps": self.steps, "noise": self.noise.get_state()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        for name, part in self._parts().items():
            part.load_state_dict(state[name])
        self.steps = state["steps"]
        self.noise.set_state(state["noise"].cpu())


@torch.no_grad()
def sample(generator: Any, count: int, *, seed: int = 0, device: torch.device | str = "cpu") -> Tensor:
    """`count` samples of a generator in evaluation mode, a thousand at a time; on the CPU."""
    generator.eval()
    noise = torch.Generator().manual_seed(seed)
    latent = torch.randn(count, generator.latent, generator=noise)
    return torch.cat([generator(part.to(device)).float().cpu() for part in latent.split(1000)])
