def softmax(logits):
    return (logits - logits.logsumexp(1, keepdim=True)).exp()
