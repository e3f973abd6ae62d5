"""A DICOMweb client that does exactly what a test tells it to, with nothing but the standard library."""

import http.client
import json
import re
import urllib.parse


class Answer:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body
        self.type = headers.get("Content-Type", "")

    @property
    def json(self):
        assert self.status == 200, (self.status, self.body)
        return json.loads(self.body)

    @property
    def parts(self):
        """Headers and content of each part of a multipart body."""
        boundary = ("--" + re.search('boundary="([^"]+)"', self.type).group(1)).encode()
        assert self.body.startswith(boundary) and self.body.endswith(b"\r\n" + boundary + b"--\r\n")
        found = []
        for part in (b"\r\n" + self.body).split(b"\r\n" + boundary)[1:-1]:
            head, content = part.split(b"\r\n\r\n", 1)
            found.append((dict(line.split(": ", 1) for line in head.decode().split("\r\n") if line), content))
        return found


class DicomWeb:
    """`root` is where the services for studies are: http://127.0.0.1:8080/dicom-web"""

    def __init__(self, root):
        self.root = root
        self.server = urllib.parse.urlsplit(root)

    def get(self, path, accept=None, method="GET", body=None, **headers):
        """`path`: below the root, a whole URL, or with two slashes at its beginning below the server."""
        if path.startswith("http"):
            path = path.removeprefix(f"{self.server.scheme}://{self.server.netloc}")
        else:
            path = path[1:] if path.startswith("//") else self.server.path + path
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        if accept:
            headers["Accept"] = accept
        connection = http.client.HTTPConnection(self.server.hostname, self.server.port, timeout=120)
        try:
            connection.request(method, path, body, headers, encode_chunked="Transfer-Encoding" in headers)
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()


def dicom(transfer_syntax="*"):
    """Accept for DICOM files as parts."""
    return f'multipart/related; type="application/dicom"; transfer-syntax={transfer_syntax}'
