"""Reads mails, a JSON list of base64 texts, and tells what they hold as JSON."""
import base64
import email
import email.policy
import json
import sys


def text_of(value):
    return str(value).encode("utf-8", "replace").decode("utf-8")


def header_of(name, raw):
    try:
        value = email.policy.default.header_fetch_parse(name, raw)
    except Exception as fault:  # the parser itself breaks on some fields
        return {"name": name, "value": text_of(raw), "addresses": [], "defects": [repr(fault)]}
    addresses = [
        {"name": text_of(a.display_name), "spec": text_of(a.addr_spec)} for a in getattr(value, "addresses", ())
    ]
    return {
        "name": name,
        "value": text_of(value),
        "addresses": addresses,
        "defects": [repr(d) for d in getattr(value, "defects", ())],
    }


def part_of(part, depth):
    described = {
        "type": part.get_content_type(),
        "charset": part.get_content_charset() or "",
        "disposition": part.get_content_disposition() or "",
        "fileName": text_of(part.get_filename() or ""),
        "contentID": (part.get("Content-ID") or "").strip("<>"),
        "depth": depth,
        "headers": [header_of(n, v) for n, v in part.raw_items()],
        "defects": [repr(d) for d in part.defects],
    }
    if not part.is_multipart():
        content = part.get_payload(decode=True)
        # Decoding adds the defects of base64.
        described["defects"] = [repr(d) for d in part.defects]
        described["content"] = base64.b64encode(content).decode()
        if part.get_content_maintype() == "text":
            described["text"] = text_of(part.get_content()).replace("\r\n", "\n")
    parts = [described]
    if part.is_multipart():
        for child in part.iter_parts() if part.get_content_maintype() == "multipart" else part.get_payload():
            parts += part_of(child, depth + 1)
    return parts


def mail_of(raw):
    return {"parts": part_of(email.message_from_bytes(raw, policy=email.policy.default), 0)}


json.dump([mail_of(base64.b64decode(raw)) for raw in json.load(sys.stdin)], sys.stdout)
