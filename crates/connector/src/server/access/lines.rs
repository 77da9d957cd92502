//! The access log as lines, formatted by hand: there is one for each request.

mod clock;
mod writer;

use std::fmt::Write as _;

use clock::Clock;
pub(crate) use writer::Writer;

use super::{Line, micros};
use crate::json_text::escape;

/// How a line looks.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// A JSON object.
    Json,
}

/// The access log as lines, handed to a [`Writer`].
#[derive(Debug)]
pub(crate) struct Lines {
    format: Format,
    clock: Clock,
    writer: Writer,
}

impl Lines {
    pub(crate) fn new(format: Format, writer: Writer) -> Self {
        Self { format, clock: Clock::default(), writer }
    }

    pub(super) fn write(&self, line: &Line<'_>) {
        let mut text = String::with_capacity(320);
        self.format.write(line, &self.clock.now(), &mut text);
        self.writer.push(text.as_bytes());
    }

    /// Waits until all lines are written, but no longer than that may take.
    pub(crate) fn flush(&self) {
        self.writer.flush();
    }
}

impl Format {
    /// Nothing that comes from outside can end a line or begin a field: an id is visible ASCII and, like a code,
    /// escaped in JSON; for people a code is quoted.
    fn write(self, line: &Line<'_>, time: &str, text: &mut String) {
        let Line { request_id, capability, status, outcome, code, received, sent, took } = *line;
        let micros = micros(took);
        let target = crate::ACCESS_LOG;
        // Writing to a string cannot fail.
        let _ = match self {
            Self::Text => {
                let code = code.map(|code| format!(" code={code:?}")).unwrap_or_default();
                writeln!(
                    text,
                    "{time}  INFO {target}: request_id={request_id} capability={capability} status={status} \
                     outcome={outcome}{code} micros={micros} received={received} bytes={sent}"
                )
            }
            Self::Json => {
                let _ = write!(text, "{{\"timestamp\":\"{time}\",\"level\":\"INFO\",\"request_id\":\"");
                let _ = escape(request_id, text);
                let _ = write!(
                    text,
                    "\",\"capability\":\"{capability}\",\"status\":{status},\"outcome\":\"{outcome}\""
                );
                if let Some(code) = code {
                    text.push_str(",\"code\":\"");
                    let _ = escape(code, text);
                    text.push('"');
                }
                writeln!(
                    text,
                    ",\"micros\":{micros},\"received\":{received},\"bytes\":{sent},\"target\":\"{target}\"}}"
                )
            }
        };
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const LINE: Line<'static> = Line {
        request_id: "a\"b\\",
        capability: "list-accounts",
        status: 200,
        outcome: "failed",
        code: Some("x\ny\u{1b}[31m status=500"),
        received: 1,
        sent: 2,
        took: Duration::from_micros(3),
    };

    #[test]
    fn a_line_in_json_is_one_line_and_one_object_whatever_is_in_it() {
        let mut text = String::new();
        Format::Json.write(&LINE, "now", &mut text);
        assert_eq!(text.find('\n'), Some(text.len() - 1));
        let read: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(
            read,
            serde_json::json!({
                "timestamp": "now", "level": "INFO", "target": "connector::access",
                "request_id": "a\"b\\", "capability": "list-accounts", "status": 200, "outcome": "failed",
                "code": "x\ny\u{1b}[31m status=500", "micros": 3, "received": 1, "bytes": 2,
            })
        );
    }

    #[test]
    fn a_line_for_people_is_one_line_and_cannot_speak_to_the_terminal() {
        let mut text = String::new();
        Format::Text.write(&LINE, "now", &mut text);
        assert_eq!(
            text,
            "now  INFO connector::access: request_id=a\"b\\ capability=list-accounts status=200 outcome=failed \
             code=\"x\\ny\\u{1b}[31m status=500\" micros=3 received=1 bytes=2\n"
        );
    }
}
