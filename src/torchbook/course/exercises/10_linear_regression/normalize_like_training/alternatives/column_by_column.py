def normalize(training, validation, test):
    training, validation, test = training.clone(), validation.clone(), test.clone()
    for j in range(training.shape[1]):
        column = training[:, j].clone()
        std = column.std(correction=0).item() or 1.0
        for table in (training, validation, test):
            table[:, j] = (table[:, j] - column.mean()) / std
    return training, validation, test
