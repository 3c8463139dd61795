"""Takes mails on a port of 127.0.0.1 and writes each into a file of a folder."""

import asyncio
import base64
import json
import os
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

port, folder, certificate, key = int(sys.argv[1]), *sys.argv[2:5]
count = 0


class Keep:
    async def handle_DATA(self, server, session, envelope):
        global count
        count += 1
        path = os.path.join(folder, str(count))
        with open(path + ".part", "w") as file:
            json.dump({
                "From": envelope.mail_from,
                "To": envelope.rcpt_tos,
                "Options": envelope.mail_options,
                "User": session.auth_data or "",
                "TLS": session.ssl is not None,
                "Content": base64.b64encode(envelope.original_content).decode(),
            }, file)
        os.rename(path + ".part", path + ".json")
        return "250 2.0.0 Kept"


def authenticate(server, session, envelope, mechanism, credentials):
    good = credentials.login == b"shop" and credentials.password == b"secret \xd0\xb6"
    return AuthResult(success=good, handled=False, auth_data=credentials.login.decode())


async def serve():
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)

    def session():
        return SMTP(Keep(), enable_SMTPUTF8=True, decode_data=False, hostname="peer.example",
                    tls_context=context, require_starttls=True, auth_required=True, authenticator=authenticate,
                    loop=asyncio.get_running_loop())

    server = await asyncio.get_running_loop().create_server(session, "127.0.0.1", port)
    await server.serve_forever()


asyncio.run(serve())
