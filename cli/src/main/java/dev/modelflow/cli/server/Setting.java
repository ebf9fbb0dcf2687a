package dev.modelflow.cli.server;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Everything that web and workers can be told, as docs/configuration.md lists it. */
public enum Setting {
  /** Address of the ledger. */
  LEDGER_URL(null, "JDBC address of the ledger, e.g. `jdbc:postgresql://postgres:5432/modelflow`"),
  /** Who asks the ledger. */
  LEDGER_USER("modelflow", "Postgres role of the ledger"),
  /** Where its password lies. */
  LEDGER_PASSWORD_FILE(null, "file with that role's password"),
  /** Address of the object store. */
  OBJECTS_URL(null, "address of the S3 server, e.g. `http://minio:9000`"),
  /** Where the objects are. */
  OBJECTS_BUCKET("modelflow", "bucket of all objects; made when it is missing and the key may"),
  /** Who asks the object store. */
  OBJECTS_KEY_FILE(null, "file with the S3 access key"),
  /** Its secret. */
  OBJECTS_SECRET_FILE(null, "file with the S3 secret key"),
  /** Who vouches for the object store. */
  OBJECTS_CA_FILE(
      "",
      "PEM file with the authorities that sign the S3 server's certificate; without it, those that"
          + " the JDK knows"),
  /** How long objects without an owner stay. */
  OBJECTS_RETENTION_DAYS(
      "30",
      "days after which web removes objects that no artifact lists; a bucket belongs to one ledger"),
  /** Address of the workflow engine. */
  TEMPORAL_ADDRESS(null, "host:port of Temporal's frontend"),
  /** Where the workflows are. */
  TEMPORAL_NAMESPACE("modelflow", "Temporal namespace; registered when it is missing"),
  /** How long histories stay. */
  TEMPORAL_RETENTION_DAYS("7", "days for which Temporal keeps the history of a run that is over"),
  /** Whether to speak TLS to the workflow engine. */
  TEMPORAL_TLS("off", "whether Temporal is spoken to over TLS: `on` or `off`"),
  /** Who vouches for the workflow engine. */
  TEMPORAL_TLS_CA_FILE(
      "",
      "PEM file with the authorities that sign Temporal's certificate; without it, those that the"
          + " JDK knows"),
  /** What the workflow engine is called in its certificate. */
  TEMPORAL_TLS_SERVER_NAME(
      "", "name in Temporal's certificate, where it is not that of the address"),
  /** Who this process is to the workflow engine. */
  TEMPORAL_TLS_CERT_FILE(
      "", "PEM file with the certificate that this process shows to Temporal (mutual TLS)"),
  /** How it proves that. */
  TEMPORAL_TLS_KEY_FILE("", "PEM file with that certificate's private key: PKCS#8, not encrypted"),
  /** What else lets this process in. */
  TEMPORAL_API_KEY_FILE(
      "", "file with the API key that is sent to Temporal with every call; only over TLS"),
  /** What encrypts payloads. */
  TEMPORAL_KEYS_FILE(
      "",
      "file with the keys that encrypt what Temporal keeps of arguments, results and failures; the"
          + " same for web and all workers"),
  /** Where the web server listens. */
  WEB_ADDRESS("127.0.0.1", "address on which the dashboard and the API listen"),
  /** On which port. */
  WEB_PORT("7070", "port of the dashboard and the API"),
  /** How people call it. */
  WEB_HOSTS(
      "",
      "names, separated by commas, under which people reach it besides `localhost`; requests for"
          + " other hosts are refused"),
  /** The token of its first client. */
  WEB_TOKEN_FILE(null, "file with the API token that is let in from the start"),
  /** What a worker works on. */
  WORKER_POOL(null, "pool whose stages the worker runs: `cpu` or `gpu`"),
  /** What it is called. */
  WORKER_NAME("", "its name in the ledger; without it, the pool's and the host's"),
  /** What its attempts run on. */
  WORKER_DEVICES(
      "auto",
      "what attempts run on, one each at a time: `auto`, or names separated by commas: `cpu` once"
          + " for each attempt, or a GPU's UUID or its beginning"),
  /** What people find it by. */
  WORKER_LABELS("", "what is told about it in lists, e.g. `zone=a,rack=3`"),
  /** OLMo-core for the stages that want it. */
  WORKER_OLMO_CORE(
      "",
      "Python interpreter that has OLMo-core (`ai2-olmo-core`), for stages with `trainer: olmo-core`;"
          + " the same version on all workers of a pool"),
  /** Open-instruct for the stages that want it. */
  WORKER_OPEN_INSTRUCT(
      "",
      "checkout of open-instruct with its environment in `.venv`, for stages with `trainer:"
          + " open-instruct`; the same on all workers of a pool"),
  /** Where models to import must lie. */
  WORKER_IMPORT_ROOT(
      "",
      "folder below which the folders of `import` stages must lie; without it, they may be any that"
          + " the worker can read"),
  /** Where workers of a machine settle who has which device. */
  WORKER_LOCKS(
      "/tmp/modelflow-locks",
      "folder of the locks that keep workers from each other's GPUs; the same for all workers of a"
          + " machine"),
  /** How trainers start on this machine. */
  WORKER_CALIBRATION(
      "",
      "file in which `modelflow calibrate` wrote how trainers start fastest on this machine; without"
          + " it, they start in the usual way"),
  /** Who takes new attempts during an upgrade. */
  WORKER_VERSIONING(
      "off",
      "whether workers of a new version take all new attempts while older ones finish theirs: `on`"
          + " or `off`; needs a Temporal server that knows worker deployments"),
  /** Inputs kept between attempts. */
  WORKER_CACHE(null, "folder of inputs kept between attempts; workers of one machine may share it"),
  /** How large that folder may be. */
  WORKER_CACHE_BYTES(
      "20GB",
      "most bytes that folder holds, e.g. `500MB` or `2TB` (or `GiB` for powers of 1024); what was"
          + " not used for the longest time goes first"),
  /** Its own folder. */
  WORKER_FOLDER(null, "folder of the worker's own, emptied when it starts");

  private final @Nullable String fallback;
  private final String meaning;

  Setting(@Nullable String fallback, String meaning) {
    this.fallback = fallback;
    this.meaning = meaning;
  }

  /** The environment variable. */
  public String variable() {
    return "MODELFLOW_" + name();
  }

  /** What holds when nobody says anything; empty where somebody must. */
  Optional<String> fallback() {
    return Optional.ofNullable(fallback);
  }

  /** What it says, in Markdown. */
  String meaning() {
    return meaning;
  }
}
