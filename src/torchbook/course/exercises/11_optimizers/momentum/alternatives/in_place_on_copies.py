def momentum_step(weights, gradient, velocity, learning_rate, momentum):
    new_weights, new_velocity = weights.clone(), velocity.clone()
    new_velocity.mul_(momentum).add_(gradient)
    new_weights.sub_(new_velocity, alpha=learning_rate)
    return new_weights, new_velocity
