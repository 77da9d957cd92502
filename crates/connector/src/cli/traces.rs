//! Traces over OTLP (http/protobuf), configured by OpenTelemetry's `OTEL_*` variables.
//!
//! A separate thread sends the spans in batches. Spans that can't be sent, or not fast enough, are lost. Calls never
//! fail or wait because of them.

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

/// The minimum and maximum time for sending the last spans.
const MIN_FLUSH: Duration = Duration::from_secs(1);
const MAX_FLUSH: Duration = Duration::from_secs(5);

/// Traces that are sent to a collector.
#[derive(Debug)]
pub(super) struct Traces {
    provider: SdkTracerProvider,
}

impl Traces {
    /// Starts tracing if `OTEL_EXPORTER_OTLP_ENDPOINT` or `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT` is set, unless
    /// `OTEL_SDK_DISABLED` is `true` or `OTEL_TRACES_EXPORTER` is not `otlp`. The service name is `app_id`, unless the
    /// environment sets another.
    pub(super) fn start(app_id: &str, version: &str) -> Result<Option<Self>, Stop> {
        if !is_enabled()? {
            return Ok(None);
        }
        check_endpoints()?;
        // If the process already has a provider, that works too.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let exporter = SpanExporter::builder().with_http().build();
        let exporter =
            exporter.map_err(|error| Stop::usage(format!("invalid OTEL_* variables for traces: {error}")))?;
        let mut resource = Resource::builder();
        let names = env("OTEL_RESOURCE_ATTRIBUTES")?.is_some_and(|text| text.contains("service.name="));
        if !names && env("OTEL_SERVICE_NAME")?.is_none() {
            resource = resource.with_service_name(app_id.to_owned());
        }
        let resource = resource.with_attribute(KeyValue::new("service.version", version.to_owned())).build();
        let provider = SdkTracerProvider::builder()
            .with_resource(resource)
            .with_span_processor(ScrubbingProcessor(BatchSpanProcessor::builder(exporter).build()))
            .build();
        Ok(Some(Self { provider }))
    }

    /// Returns the layer that collects spans: those of requests, and those of handlers at level info and above. Log
    /// lines aren't part of traces.
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

    /// Sends the remaining spans, within `limit` and for a few seconds at most.
    pub(super) fn flush(&self, limit: Duration) {
        if let Err(error) = self.provider.shutdown_with_timeout(limit.clamp(MIN_FLUSH, MAX_FLUSH)) {
            tracing::warn!("the last traces could not be sent: {error}");
        }
    }
}

fn is_enabled() -> Result<bool, Stop> {
    let is = |name, value: &str| env(name).map(|set| set.is_some_and(|set| set.eq_ignore_ascii_case(value)));
    let has_endpoint =
        env("OTEL_EXPORTER_OTLP_ENDPOINT")?.is_some() || env("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")?.is_some();
    let is_otlp = env("OTEL_TRACES_EXPORTER")?.is_none() || is("OTEL_TRACES_EXPORTER", "otlp")?;
    Ok(has_endpoint && is_otlp && !is("OTEL_SDK_DISABLED", "true")?)
}

/// Rejects user info in URLs. The exporter doesn't send it, but shows the whole URL in its errors.
fn check_endpoints() -> Result<(), Stop> {
    for name in ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] {
        if env(name)?.is_some_and(|url| url.contains('@')) {
            return Err(Stop::usage(format!(
                "{name}: expected a URL without user and password; set credentials with \
                 OTEL_EXPORTER_OTLP_HEADERS, such as authorization=Bearer%20TOKEN"
            )));
        }
    }
    Ok(())
}

/// Removes secrets from spans before they are sent, and names request spans after their capability.
#[derive(Debug)]
struct ScrubbingProcessor(BatchSpanProcessor);

impl SpanProcessor for ScrubbingProcessor {
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

/// Sets the name, kind and status of a request's span.
fn describe(span: &mut SpanData) {
    if text(span, "target") != Some(TARGET) {
        return;
    }
    if let Some(capability) = text(span, CAPABILITY) {
        span.name = capability.to_owned().into();
    }
    span.span_kind = SpanKind::Server;
    // As in OpenTelemetry's HTTP conventions, errors of the client aren't errors of the server.
    if let Some(outcome @ ("failed" | "timed_out" | "overloaded")) = text(span, OUTCOME) {
        span.status = Status::error(outcome.to_owned());
    }
}

/// Removes secrets from a span. Its call is still in progress when the span ends, so the secrets are known.
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
