"""Images turned, shifted and scaled a little, each differently: what a hand does from one digit to the next."""

from math import radians

import torch
from torch import Tensor
from torch.nn.functional import affine_grid, grid_sample

TURN = 10.0  # degrees to either side, at strength 1
SHIFT = 2.0  # pixels
SCALE = 0.1
SHEAR = 0.1


def augmented(images: Tensor, strength: float, generator: torch.Generator) -> Tensor:
    """The images, (count, height, width) of 0..255, as floating-point numbers between the same bounds."""
    count, height, width = images.shape
    turn, scale, shear, right, down = (2 * torch.rand(count, 5, generator=generator) - 1).mul_(strength).T
    angle = radians(TURN) * turn
    sizes = 1 + SCALE * scale
    along = torch.stack([torch.cos(angle) * sizes, SHEAR * shear - torch.sin(angle), 2 * SHIFT / width * right], dim=1)
    across = torch.stack([torch.sin(angle), torch.cos(angle) * sizes, 2 * SHIFT / height * down], dim=1)
    grid = affine_grid(torch.stack([along, across], dim=1), [count, 1, height, width], align_corners=False)
    return grid_sample(images[:, None].float(), grid, align_corners=False)[:, 0]
