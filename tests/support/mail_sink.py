"""A mail server on a loopback port that keeps what it takes, and can be told to turn things away."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

GREETING = "220 sink ready"


@dataclass
class MailSink:
    """`answers` gives another answer than yes to a command, e.g. `{"RCPT": "550 no such mailbox"}`; `HANG` is none."""

    answers: dict[str, str] = field(default_factory=dict)
    offers: tuple[str, ...] = ()
    mails: list[EmailMessage] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    port: int = 0
    open_now: int = 0
    open_most: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open_now += 1
        self.open_most = max(self.open_most, self.open_now)
        try:
            if await self._say(writer, self.answers.get("GREETING", GREETING)):
                while line := await reader.readline():
                    if not await self._answer(line.decode().strip(), reader, writer):
                        break
        except ConnectionError:
            return
        finally:
            self.open_now -= 1
            writer.close()

    async def _answer(self, line: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        self.commands.append(line)
        verb = line.split(" ", 1)[0].upper()
        if verb == "DATA":
            await self._say(writer, "354 go on")
            content = (await reader.readuntil(b"\r\n.\r\n")).removesuffix(b".\r\n")
            if verb not in self.answers:
                mail = message_from_bytes(content, policy=default)
                assert isinstance(mail, EmailMessage)
                self.mails.append(mail)
        yes = {"EHLO": self._ehlo(), "AUTH": "235 welcome", "QUIT": "221 bye"}.get(verb, "250 ok")
        return await self._say(writer, self.answers.get(verb, yes)) and verb != "QUIT"

    def _ehlo(self) -> str:
        lines = ("sink", *self.offers)
        return "\r\n".join(f"250{' ' if n == len(lines) - 1 else '-'}{one}" for n, one in enumerate(lines))

    async def _say(self, writer: asyncio.StreamWriter, words: str) -> bool:
        if words == "HANG":
            await asyncio.sleep(60)
        if words == "DROP":
            return False
        writer.write(words.encode() + b"\r\n")
        await writer.drain()
        return True


@asynccontextmanager
async def mail_sink(**bidden: str) -> AsyncGenerator[MailSink]:
    sink = MailSink(answers=dict(bidden))
    serving: set[asyncio.Task[None]] = set()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(sink.serve(reader, writer))
        serving.add(task)
        task.add_done_callback(serving.discard)

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    sink.port = server.sockets[0].getsockname()[1]
    try:
        yield sink
    finally:
        server.close()
        for task in list(serving):
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)
        await server.wait_closed()
