use connector::Integration;

struct Settings {
    _domain: String,
}

fn main() {
    let _ = Integration::builder("github").settings::<Settings>();
}
