"""torchbook: from the first tensor to the first GAN, on the laptop you have."""
