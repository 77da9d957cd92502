//! JSON documents as they are written: `json!`.

use serde::Serialize;
use serde_json::{Map, Value};

/// A JSON document: `json!({ "type": ["string", "null"], "const": constant })`, as that of `serde_json` but smaller.
///
/// The macro of `serde_json` makes of each key and each literal code that allocates, inserts and cleans up. This one makes
/// calls. The documents of the SDK are many, and are written once in a while.
macro_rules! json {
    ({ $($fields:tt)* }) => {{
        #[allow(unused_mut, reason = "an object may be empty")]
        let mut object = $crate::json::Object::default();
        $crate::json::json!(@fields object $($fields)*);
        object.done()
    }};
    ([ $($items:tt)* ]) => {{
        #[allow(unused_mut, reason = "an array may be empty")]
        let mut array = $crate::json::Array::default();
        $crate::json::json!(@items array $($items)*);
        array.done()
    }};
    (null) => { serde_json::Value::Null };
    ($value:expr) => { $crate::json::value(&$value) };

    (@fields $object:ident) => {};
    (@fields $object:ident $key:tt : { $($value:tt)* } $(, $($rest:tt)*)?) => {
        $object.add($key, $crate::json::json!({ $($value)* }));
        $crate::json::json!(@fields $object $($($rest)*)?);
    };
    (@fields $object:ident $key:tt : [ $($value:tt)* ] $(, $($rest:tt)*)?) => {
        $object.add($key, $crate::json::json!([ $($value)* ]));
        $crate::json::json!(@fields $object $($($rest)*)?);
    };
    (@fields $object:ident $key:tt : null $(, $($rest:tt)*)?) => {
        $object.add($key, serde_json::Value::Null);
        $crate::json::json!(@fields $object $($($rest)*)?);
    };
    (@fields $object:ident $key:tt : $value:expr $(, $($rest:tt)*)?) => {
        $object.add($key, $crate::json::value(&$value));
        $crate::json::json!(@fields $object $($($rest)*)?);
    };

    (@items $array:ident) => {};
    (@items $array:ident { $($value:tt)* } $(, $($rest:tt)*)?) => {
        $array.add($crate::json::json!({ $($value)* }));
        $crate::json::json!(@items $array $($($rest)*)?);
    };
    (@items $array:ident [ $($value:tt)* ] $(, $($rest:tt)*)?) => {
        $array.add($crate::json::json!([ $($value)* ]));
        $crate::json::json!(@items $array $($($rest)*)?);
    };
    (@items $array:ident null $(, $($rest:tt)*)?) => {
        $array.add(serde_json::Value::Null);
        $crate::json::json!(@items $array $($($rest)*)?);
    };
    (@items $array:ident $value:expr $(, $($rest:tt)*)?) => {
        $array.add($crate::json::value(&$value));
        $crate::json::json!(@items $array $($($rest)*)?);
    };
}
pub(crate) use json;

/// An object in the making.
#[derive(Default)]
pub(crate) struct Object(Map<String, Value>);

impl Object {
    #[inline(never)]
    pub(crate) fn add(&mut self, key: &str, value: Value) {
        self.0.insert(key.to_owned(), value);
    }

    pub(crate) fn done(self) -> Value {
        Value::Object(self.0)
    }
}

/// An array in the making.
#[derive(Default)]
pub(crate) struct Array(Vec<Value>);

impl Array {
    #[inline(never)]
    pub(crate) fn add(&mut self, value: Value) {
        self.0.push(value);
    }

    pub(crate) fn done(self) -> Value {
        Value::Array(self.0)
    }
}

/// What JSON makes of a value. It is `null` for what JSON has no form for: a map whose keys are no texts.
#[inline(never)]
pub(crate) fn value<T: Serialize + ?Sized>(value: &T) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    #[test]
    fn a_document_is_that_of_serde_json() {
        let (list, nothing, key) = (vec!["a", "b"], None::<u8>, "told");
        let ours = [
            json!({}),
            json!([]),
            json!(null),
            json!("text"),
            json!({ "a": 1, "b": [1.5, true, null, "c", [], {}], "c": { "d": { "e": null } }, "f": list[..1] }),
            json!({ key: nothing, "list": list, "last": list.iter().map(|text| text.len()).collect::<Vec<_>>() }),
            json!([{ "a": list.len() }, [list], -1,]),
        ];
        let theirs = [
            serde_json::json!({}),
            serde_json::json!([]),
            serde_json::json!(null),
            serde_json::json!("text"),
            serde_json::json!({ "a": 1, "b": [1.5, true, null, "c", [], {}], "c": { "d": { "e": null } }, "f": list[..1] }),
            serde_json::json!({ key: nothing, "list": list, "last": list.iter().map(|text| text.len()).collect::<Vec<_>>() }),
            serde_json::json!([{ "a": list.len() }, [list], -1,]),
        ];
        assert_eq!(ours, theirs);
        let text = |documents: &[Value]| documents.iter().map(Value::to_string).collect::<Vec<_>>();
        assert_eq!(text(&ours), text(&theirs), "in the same order");
    }
}
