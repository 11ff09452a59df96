"""The fast recipe: its schedule, its pictures, its net; and the race against the notes' recipe."""

import nnbook.quiet  # noqa: F401  isort: skip
import json

import bench
import numpy as np
import pytest

from nnbook import datasets, recipes


def test_the_rate_rises_to_its_peak_and_falls_to_zero():
    rate = recipes.OneCycle(peak=0.8, steps=400)
    assert [round(float(rate(step)), 4) for step in (0, 50, 100, 250, 400)] == [0, 0.4, 0.8, 0.4, 0]


def test_flip_and_shift_moves_whole_pictures():
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (40, 8, 8, 3), dtype="uint8")
    order, flipped = rng.permutation(40)[:30], rng.random(40) < 0.5
    result = recipes.flip_and_shift(images, order, flipped, np.random.default_rng(1))
    assert result.dtype == np.uint8 and result.shape == (30, 8, 8, 3)
    moved = 0
    for number, image in zip(order, result, strict=True):
        source = images[number, :, ::-1] if flipped[number] else images[number]
        padded = np.pad(source, ((2, 2), (2, 2), (0, 0)), mode="reflect")
        places = [(i, j) for i, j in np.ndindex(5, 5) if np.array_equal(image, padded[i : i + 8, j : j + 8])]
        assert len(places) == 1
        moved += places != [(2, 2)]
    assert moved > 20


def test_without_shift_and_flip_only_the_order_changes():
    images = np.arange(4 * 3 * 3 * 1, dtype="uint8").reshape(4, 3, 3, 1)
    order = np.array([2, 0, 3])
    result = recipes.flip_and_shift(images, order, np.zeros(4, bool), np.random.default_rng(0), pixels=0)
    assert np.array_equal(result, images[order])


def test_the_fast_net():
    model = recipes.fast_cnn(8)
    assert model.output_shape == (None, 10)
    # By hand: kernels 4·4·3·8 + 3·3·8·16 + 3·3·16·32 + 3·3·32·64, four numbers a filter of batch norm, 64·10 + 10.
    assert model.count_params() == 384 + 1152 + 4608 + 18432 + 4 * (8 + 16 + 32 + 64) + 650


def test_the_fast_recipe_learns_shapes():
    data = datasets.load("shapes10")
    few = data._replace(train_images=data.train_images[:5120], train_labels=data.train_labels[:5120])
    model = recipes.run_fast_recipe(few, seed=1, epochs=3, width=16)
    logits = model.predict(data.test_images, batch_size=500, verbose=0)
    assert (logits.argmax(axis=1) == data.test_labels).mean() > 0.3


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: recipes.fast_cnn(0), "width must be a whole number of at least 1"),
        (lambda: recipes.run_fast_recipe(datasets.load("shapes10"), 1, epochs=0), "epochs must be a whole number"),
        (
            lambda: recipes.flip_and_shift(np.zeros((2, 3, 3, 1)), [0], np.zeros(3, bool), np.random.default_rng(0)),
            r"flipped \(n,\), but have \(2, 3, 3, 1\) and \(3,\)",
        ),
        (
            lambda: recipes.flip_and_shift(
                np.zeros((1, 3, 3, 1)), [0], np.zeros(1, bool), np.random.default_rng(0), -1
            ),
            "pixels must be a whole number of at least 0",
        ),
    ],
)
def test_wrong_calls_say_what_to_do(call, said):
    with pytest.raises(ValueError, match=said):
        call()


def kept(folder, seconds: dict[str, float], accuracies: dict[str, float]) -> None:
    """Write the runs of a finished race."""
    folder.mkdir()
    for name in bench.RUNS:
        for seed in bench.SEEDS:
            run = {
                "recipe": name,
                "seed": seed,
                "seconds": seconds[name],
                "test_accuracy": accuracies[name],
                "peak_memory_mb": 4000 if name == "notes" else 1000,
                "provenance": {"name": "CIFAR-10"},
            }
            (folder / f"{name}-{seed}.json").write_text(json.dumps(run), "utf-8")


@pytest.mark.parametrize(
    ("short_seconds", "long_accuracy", "code"), [(50, 0.85, False), (70, 0.85, True), (50, 0.75, True)]
)
def test_a_race_goes_on_from_kept_runs_and_fails_on_a_missed_gate(
    tmp_path, monkeypatch, capsys, short_seconds, long_accuracy, code
):
    monkeypatch.setattr(bench, "KEPT", tmp_path / "kept")
    monkeypatch.setattr(bench, "RECORDED", tmp_path)
    monkeypatch.setattr(bench.subprocess, "run", lambda *_, **__: pytest.fail("a kept run was done again"))
    seconds = {"notes": 200, "short": short_seconds, "long": 190}
    kept(tmp_path / "kept", seconds, {"notes": 0.70, "short": 0.74, "long": long_accuracy})
    with pytest.raises(SystemExit) as stopped:
        bench.race()
    assert stopped.value.code == code
    assert ("MISSED" in capsys.readouterr().out) == code
    result = json.loads((tmp_path / "bench.json").read_text("utf-8"))
    # By hand: 50 / 200, 100 · (0.74 − 0.70), 1000 / 4000.
    if not code:
        assert list(result["figures"].values()) == [0.25, 4.0, 0.95, 15.0, 0.25]
