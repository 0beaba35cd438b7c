import pickle


def save_tensor(tensor, path):
    with path.open("wb") as file:
        pickle.dump(tensor.clone(), file)


def load_tensor(path):
    with path.open("rb") as file:
        return pickle.load(file)
