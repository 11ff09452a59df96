"""What the machine is and what a process takes of it."""

import threading

import psutil


class PeakMemory:
    """Watch the memory of this process's children, the kernel among them, five times a second."""

    def __enter__(self) -> "PeakMemory":
        self.peak_mb = 0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        me = psutil.Process()
        while not self._done.wait(0.2):
            total = 0
            for child in me.children(recursive=True):
                try:
                    total += child.memory_info().rss
                except psutil.NoSuchProcess:
                    continue
            self.peak_mb = max(self.peak_mb, round(total / 1e6))
