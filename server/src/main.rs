//! `ferrite`: the program.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use kernel::Clock;
use server::{Flags, Settings, Sources, logs, start};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Ferrite is a backend for apps in one program: accounts and social login, spoken to with Appwrite's SDKs.
#[derive(Debug, Parser)]
#[command(
    name = "ferrite",
    disable_version_flag = true,
    args_conflicts_with_subcommands = true
)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    flags: Flags,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start the server (also what `ferrite` alone does)
    Serve(Box<Flags>),
    /// Say which version this is
    Version,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    match cli.command.unwrap_or(Command::Serve(Box::new(cli.flags))) {
        Command::Serve(flags) => match settings(*flags) {
            Ok(settings) => serve(settings),
            Err(error) => fail(&error),
        },
        Command::Version => {
            say(&format!(
                "ferrite {} (speaks API {})",
                env!("CARGO_PKG_VERSION"),
                api::VERSION
            ));
            ExitCode::SUCCESS
        }
    }
}

fn settings(flags: Flags) -> Result<Settings, server::BadSetting> {
    let environment = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect();
    let file = std::fs::read_to_string("ferrite.toml").unwrap_or_default();
    Sources::new(flags, environment, &file)?.resolve()
}

fn serve(settings: Settings) -> ExitCode {
    logs::start(std::env::var("RUST_LOG").ok().as_deref());
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .max_blocking_threads(8)
        .build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error),
    };
    runtime.block_on(async {
        let running = match start(settings, Clock::system()).await {
            Ok(running) => running,
            Err(error) => return fail(&error),
        };
        tracing::info!(address = %running.address, url = %running.public_url, "Ferrite is listening");
        stop_signal().await;
        tracing::info!("stopping: finishing what runs");
        running.stop().await;
        ExitCode::SUCCESS
    })
}

async fn stop_signal() {
    let mut terminate = match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(signal) => signal,
        Err(_) => return std::future::pending().await,
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

#[expect(
    clippy::print_stdout,
    reason = "what a command was asked for goes to standard output"
)]
fn say(text: &str) {
    println!("{text}");
}

fn fail(error: &dyn std::error::Error) -> ExitCode {
    eprintln!("ferrite: {error}");
    ExitCode::FAILURE
}
