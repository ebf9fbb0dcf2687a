package dev.modelflow.cli.stack;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** The stack's Postgres: loopback only, with a password, on a data folder that lasts. */
final class PostgresServer {
  private static final String DATABASE = "modelflow";
  private static final int READY_SECONDS = 60;

  private final StateFolder state;
  private final int port;
  private final String password;

  PostgresServer(StateFolder state, int port, Secrets secrets) {
    this.state = state;
    this.port = port;
    this.password = secrets.postgresPassword();
  }

  String url() {
    return url(DATABASE);
  }

  private String url(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
  }

  /** Starts Postgres and returns when the database can be used. */
  Process start() throws IOException, InterruptedException {
    PostgresFiles files = new PostgresFiles(state);
    Path programs = files.programs();
    files.initialise(programs, password);
    List<String> command = new ArrayList<>(PostgresFiles.asNobody());
    command.add(programs.resolve("postgres").toString());
    command.addAll(List.of("-D", files.data().toString()));
    option(command, "listen_addresses", "127.0.0.1");
    option(command, "port", Integer.toString(port));
    option(command, "unix_socket_directories", "");
    option(command, "max_connections", "100");
    option(command, "shared_buffers", "64MB");
    option(command, "password_encryption", "scram-sha-256");
    Process process = JavaCommand.logged(command, state.log("postgres")).start();
    awaitReady(process);
    return process;
  }

  private static void option(List<String> command, String name, String value) {
    command.addAll(List.of("-c", name + "=" + value));
  }

  private void awaitReady(Process process) throws InterruptedException {
    long deadline = System.nanoTime() + READY_SECONDS * 1_000_000_000L;
    while (true) {
      try (Connection connection =
          DriverManager.getConnection(url("postgres"), PostgresFiles.USER, password)) {
        makeDatabase(connection);
        return;
      } catch (SQLException notYet) {
        if (!process.isAlive() || System.nanoTime() > deadline) {
          process.destroyForcibly();
          throw new StackException(
              "Postgres did not start (%s); see %s"
                  .formatted(notYet.getMessage(), state.log("postgres")),
              notYet);
        }
        Thread.sleep(50);
      }
    }
  }

  private static void makeDatabase(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        var found =
            statement.executeQuery(
                "select 1 from pg_database where datname = '" + DATABASE + "'")) {
      if (!found.next()) {
        statement.execute("create database " + DATABASE);
      }
    }
  }
}
