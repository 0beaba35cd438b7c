from torchbook.course.grading.cases import case


@case("its parameters")
def small(answer, draw):
    model = answer.LogisticRegression(6, 3)
    return {name: str(list(parameter.shape)) for name, parameter in model.named_parameters()}


@case("its parameters for handwritten digits")
def digits(answer, draw):
    model = answer.LogisticRegression(784, 10)
    return {name: str(list(parameter.shape)) for name, parameter in model.named_parameters()}


@case("scores", channels=1, height=2, width=3, repeat=2)
@case("scores of colour pictures", channels=3)
@case("scores of a batch of one", channels=1, batch=1)
def scores(answer, draw):
    images = draw.uniform("batch channels height width")
    weight = draw.normal(f"classes {images[0].numel()}")
    bias = draw.normal("classes")
    model = answer.LogisticRegression(images[0].numel(), len(bias))
    model.load_state_dict({"linear.weight": weight, "linear.bias": bias})
    return {"model(images)": model(images)}


@case("predicted classes", channels=1, height=2, width=3, repeat=3)
@case("predicted classes of as many pictures as classes", channels=1, batch=4, classes=4)
@case("the predicted class of one picture", channels=1, batch=1)
def predicted(answer, draw):
    images = draw.uniform("batch channels height width")
    weight = draw.normal(f"classes {images[0].numel()}")
    bias = draw.normal("classes")
    model = answer.LogisticRegression(images[0].numel(), len(bias))
    model.load_state_dict({"linear.weight": weight, "linear.bias": bias})
    return {"model.predict(images)": model.predict(images)}


@case("a prediction leaves the model in training mode", channels=1, height=2, width=3, training=True)
@case("a prediction leaves the model in evaluation mode", channels=1, height=2, width=3, training=False)
def mode(answer, draw, training):
    model = answer.LogisticRegression(6, 3).train(training)
    model.predict(draw.uniform("batch channels height width"))
    return {"the model is in training mode afterwards": model.training}
