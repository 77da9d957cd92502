//! JSON in a form that depends on nothing but the value: sorted keys, no spaces, ASCII only, and numbers as Python
//! writes them. It is that of `json.dumps(value, sort_keys=True, separators=(",", ":"))`.

use std::fmt::Write as _;

use serde_json::{Number, Value};

/// Writes a value in canonical form.
pub(super) fn to_string(value: &Value) -> String {
    let mut out = String::new();
    write_value(value, &mut out);
    out
}

fn write_value(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => write_number(number, out),
        Value::String(text) => write_string(text, out),
        Value::Array(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write_value(item, out);
            }
            out.push(']');
        }
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_unstable_by_key(|(name, _)| *name);
            out.push('{');
            for (at, (name, value)) in fields.into_iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write_string(name, out);
                out.push(':');
                write_value(value, out);
            }
            out.push('}');
        }
    }
}

fn write_string(text: &str, out: &mut String) {
    out.push('"');
    for char in text.chars() {
        match char {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            ' '..='~' => out.push(char),
            _ => {
                for unit in char.encode_utf16(&mut [0; 2]) {
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
        }
    }
    out.push('"');
}

fn write_number(number: &Number, out: &mut String) {
    match number.as_f64().filter(|_| number.is_f64()) {
        Some(float) => write_float(float, out),
        None => {
            let _ = write!(out, "{number}");
        }
    }
}

/// Writes the fewest digits that identify the float. An exponent has at least two digits.
fn write_float(float: f64, out: &mut String) {
    let scientific = format!("{float:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    let _ = match exponent {
        -4..16 if float.fract() == 0.0 => write!(out, "{float:.1}"),
        -4..16 => write!(out, "{float}"),
        _ => {
            let sign = if exponent < 0 { '-' } else { '+' };
            write!(out, "{digits}e{sign}{:02}", exponent.unsigned_abs())
        }
    };
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn keys_are_sorted_at_every_level() {
        let value = json!({ "b": [{ "d": 1, "c": null }], "a": true, "": false, "é": {}, "A": [] });
        assert_eq!(to_string(&value), r#"{"":false,"A":[],"a":true,"b":[{"c":null,"d":1}],"\u00e9":{}}"#);
    }

    #[test]
    fn strings_are_ascii() {
        let text = "\"\\/\n\r\t\u{8}\u{c}\0\u{1f} ~\u{7f}é\u{2028}\u{ffff}😀";
        let expected = r#""\"\\/\n\r\t\b\f\u0000\u001f ~\u007f\u00e9\u2028\uffff\ud83d\ude00""#;
        assert_eq!(to_string(&json!(text)), expected);
    }

    #[test]
    fn floats_are_written_as_python_writes_them() {
        for (float, expected) in [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (1.0, "1.0"),
            (0.1, "0.1"),
            (0.1 + 0.2, "0.30000000000000004"),
            (100.0, "100.0"),
            (1e15, "1000000000000000.0"),
            (1e16, "1e+16"),
            (1.5e16, "1.5e+16"),
            (123_456_789_012_345_680.0, "1.2345678901234568e+17"),
            (1e22, "1e+22"),
            (1e100, "1e+100"),
            (1e-4, "0.0001"),
            (1e-5, "1e-05"),
            (-1.25e-7, "-1.25e-07"),
            (5e-324, "5e-324"),
            (f64::MAX, "1.7976931348623157e+308"),
        ] {
            assert_eq!(to_string(&json!(float)), expected);
        }
        assert_eq!(
            to_string(&json!([u64::MAX, i64::MIN, 0])),
            "[18446744073709551615,-9223372036854775808,0]"
        );
    }
}
