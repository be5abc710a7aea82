"""A socket in front of another one, which can be cut like a network's cable or a machine that goes away."""
import pathlib
import socket
import struct
import threading
from urllib.parse import urlsplit


class Relay:
    """Passes on what comes to `listener` over connections that `connect` makes."""

    def __init__(self, listener, connect):
        self._listener = listener
        self._connect = connect
        self._pairs = []
        self._lock = threading.Lock()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            far = self._connect()
            with self._lock:
                self._pairs.append((near, far))
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self._pass_on, args=(source, sink), daemon=True).start()

    @staticmethod
    def _pass_on(source, sink):
        try:
            while data := source.recv(65536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def cut(self):
        """Ends every connection, TCP ones without a good-bye; new ones are taken."""
        with self._lock:
            pairs, self._pairs = self._pairs, []
        for pair in pairs:
            for end in pair:
                try:
                    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass

    def stop(self):
        """Takes no new connection, and ends every one."""
        self._listener.close()
        self.cut()


class UnixRelay(Relay):
    def __init__(self, path, target):
        self.path = str(path)
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(self.path)
        listener.listen(64)
        super().__init__(listener, lambda: self._to(target))

    @staticmethod
    def _to(target):
        far = socket.socket(socket.AF_UNIX)
        far.connect(target)
        return far

    def stop(self):
        pathlib.Path(self.path).unlink(missing_ok=True)
        super().stop()


class HttpRelay(Relay):
    """Before a server with this URL, under `url`."""

    def __init__(self, url):
        target = urlsplit(url)
        listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}{target.path}"
        super().__init__(listener, lambda: socket.create_connection((target.hostname, target.port)))
