//! Traces over OTLP, as http/protobuf: switched on and set up by the `OTEL_*` variables of OpenTelemetry's
//! specification.
//!
//! Spans are handed to a thread of their own, which sends them in batches. If they cannot be sent, or there are more
//! than it can send, they are lost: no call fails or waits for them.

use std::time::Duration;

use opentelemetry::trace::{SpanKind, Status, TracerProvider as _};
use opentelemetry::{Array, Context, KeyValue, Value};
use opentelemetry_otlp::SpanExporter;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{BatchSpanProcessor, SdkTracerProvider, Span, SpanData, SpanProcessor};
use tracing::Subscriber;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::{FilterExt as _, FilterFn};
use tracing_subscriber::layer::Layer;
use tracing_subscriber::registry::LookupSpan;

use super::{Stop, env};
use crate::integration::trace::{CAPABILITY, OUTCOME, TARGET};
use crate::scrub;

/// The last spans are given this long at the least, and at the most.
const LEAST: Duration = Duration::from_secs(1);
const MOST: Duration = Duration::from_secs(5);

/// Traces that are sent to a collector.
#[derive(Debug)]
pub(super) struct Traces {
    provider: SdkTracerProvider,
}

impl Traces {
    /// Starts to trace if the environment says where to: in `OTEL_EXPORTER_OTLP_ENDPOINT` or
    /// `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`, unless `OTEL_SDK_DISABLED` is `true` or `OTEL_TRACES_EXPORTER` is not
    /// `otlp`. The service is called `app_id` unless the environment has another name for it.
    pub(super) fn start(app_id: &str, version: &str) -> Result<Option<Self>, Stop> {
        if !is_wanted()? {
            return Ok(None);
        }
        check_endpoints()?;
        // Another provider that the process has chosen is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let exporter = SpanExporter::builder().with_http().build();
        let exporter =
            exporter.map_err(|error| Stop::usage(format!("the traces' OTEL_* variables: {error}")))?;
        let mut resource = Resource::builder();
        let names = env("OTEL_RESOURCE_ATTRIBUTES")?.is_some_and(|text| text.contains("service.name="));
        if !names && env("OTEL_SERVICE_NAME")?.is_none() {
            resource = resource.with_service_name(app_id.to_owned());
        }
        let resource = resource.with_attribute(KeyValue::new("service.version", version.to_owned())).build();
        let provider = SdkTracerProvider::builder()
            .with_resource(resource)
            .with_span_processor(Tidy(BatchSpanProcessor::builder(exporter).build()))
            .build();
        Ok(Some(Self { provider }))
    }

    /// What takes the spans: those of requests, and those that handlers make at level info and above. Log lines stay
    /// in the log.
    pub(super) fn layer<S>(&self) -> impl Layer<S> + use<S>
    where
        S: Subscriber + for<'span> LookupSpan<'span>,
    {
        let spans = FilterFn::new(|metadata| metadata.is_span()).and(LevelFilter::INFO);
        tracing_opentelemetry::layer()
            .with_tracer(self.provider.tracer(env!("CARGO_PKG_NAME")))
            .with_location(false)
            .with_threads(false)
            .with_tracked_inactivity(false)
            .with_filter(spans)
    }

    /// Sends what has not been sent yet, within `limit` and never for long.
    pub(super) fn flush(&self, limit: Duration) {
        if let Err(error) = self.provider.shutdown_with_timeout(limit.clamp(LEAST, MOST)) {
            tracing::warn!("the last traces could not be sent: {error}");
        }
    }
}

fn is_wanted() -> Result<bool, Stop> {
    let is = |name, value: &str| env(name).map(|set| set.is_some_and(|set| set.eq_ignore_ascii_case(value)));
    let has_place =
        env("OTEL_EXPORTER_OTLP_ENDPOINT")?.is_some() || env("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")?.is_some();
    let is_otlp = env("OTEL_TRACES_EXPORTER")?.is_none() || is("OTEL_TRACES_EXPORTER", "otlp")?;
    Ok(has_place && is_otlp && !is("OTEL_SDK_DISABLED", "true")?)
}

/// The exporter sends no user information, but repeats the whole address in its errors.
fn check_endpoints() -> Result<(), Stop> {
    for name in ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] {
        if env(name)?.is_some_and(|url| url.contains('@')) {
            return Err(Stop::usage(format!(
                "{name}: expected an address without user and password; credentials are set with \
                 OTEL_EXPORTER_OTLP_HEADERS, such as authorization=Bearer%20TOKEN"
            )));
        }
    }
    Ok(())
}

/// Takes the secrets out of spans, and calls that of a request by its capability, before they are sent.
#[derive(Debug)]
struct Tidy(BatchSpanProcessor);

impl SpanProcessor for Tidy {
    fn on_start(&self, span: &mut Span, context: &Context) {
        self.0.on_start(span, context);
    }

    fn on_end(&self, mut span: SpanData) {
        describe(&mut span);
        scrub_span(&mut span);
        self.0.on_end(span);
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.0.force_flush()
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.0.shutdown_with_timeout(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.0.set_resource(resource);
    }
}

fn text<'s>(span: &'s SpanData, key: &str) -> Option<&'s str> {
    span.attributes.iter().find(|attribute| attribute.key.as_str() == key).and_then(|attribute| {
        match &attribute.value {
            Value::String(text) => Some(text.as_str()),
            _ => None,
        }
    })
}

/// Has the span of a request say what a backend shows of it.
fn describe(span: &mut SpanData) {
    if text(span, "target") != Some(TARGET) {
        return;
    }
    if let Some(capability) = text(span, CAPABILITY) {
        span.name = capability.to_owned().into();
    }
    span.span_kind = SpanKind::Server;
    // Faults of the caller are none of the server, as OpenTelemetry's conventions for HTTP have it.
    if let Some(outcome @ ("failed" | "timed_out" | "overloaded")) = text(span, OUTCOME) {
        span.status = Status::error(outcome.to_owned());
    }
}

/// The call that a span belongs to is still under way when it ends, so that its secrets are known.
fn scrub_span(span: &mut SpanData) {
    span.name = scrub(&span.name).into();
    if let Status::Error { description } = &mut span.status {
        *description = scrub(description).into();
    }
    scrub_all(&mut span.attributes);
    for event in &mut span.events.events {
        event.name = scrub(&event.name).into();
        scrub_all(&mut event.attributes);
    }
    for link in &mut span.links.links {
        scrub_all(&mut link.attributes);
    }
}

fn scrub_all(attributes: &mut [KeyValue]) {
    for attribute in attributes {
        match &mut attribute.value {
            Value::String(text) => *text = scrub(text.as_str()).into(),
            Value::Array(Array::String(texts)) => {
                for text in texts {
                    *text = scrub(text.as_str()).into();
                }
            }
            _ => {}
        }
    }
}
