package dev.modelflow.cli.doctor;

import dev.modelflow.objects.ObjectStoreConfig;
import dev.modelflow.objects.StoreProbe;
import dev.modelflow.tls.Certificates;
import io.minio.errors.ErrorResponseException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The object store: its bucket, an object put, read and deleted, its clock. */
final class StoreChecks {
  private StoreChecks() {}

  static List<Check> of(ObjectStoreConfig config) {
    StoreProbe probe;
    try {
      probe = StoreProbe.of(config);
    } catch (Exception failure) {
      return List.of(Check.wrong("objects", explain(failure, config)));
    }
    List<Check> checks = new ArrayList<>();
    checks.add(Check.ok("objects", config.endpoint() + " lets the key in"));
    checks.add(bucket(probe, config.bucket()));
    probe.clock().ifPresent(clock -> checks.add(Check.clock("S3's clock", clock)));
    return checks;
  }

  private static Check bucket(StoreProbe probe, String bucket) {
    if (!probe.bucket()) {
      return Check.wrong(
          "bucket",
          "There is no bucket '%s'; make it, or restart web with a key that may".formatted(bucket));
    }
    return probe.fault() == null
        ? Check.ok("bucket", "In '%s' an object was put, read and deleted".formatted(bucket))
        : Check.wrong(
            "bucket",
            "In '%s' %s; give the key a policy that lets it read, write and delete objects/*"
                .formatted(bucket, probe.fault()));
  }

  private static String explain(Exception failure, ObjectStoreConfig config) {
    if (Certificates.refused(failure)) {
      return "%s shows a certificate that is not trusted (%s); name the file with its authority in MODELFLOW_OBJECTS_CA_FILE"
          .formatted(config.endpoint(), Certificates.why(failure));
    }
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ErrorResponseException answer) {
        return "%s refuses the key (%s); write the right one into the files that MODELFLOW_OBJECTS_KEY_FILE and MODELFLOW_OBJECTS_SECRET_FILE name"
            .formatted(config.endpoint(), answer.errorResponse().code());
      }
      if (cause instanceof IOException) {
        return "%s cannot be reached (%s); start the S3 server, or correct MODELFLOW_OBJECTS_URL"
            .formatted(config.endpoint(), cause.getMessage());
      }
    }
    return "%s: %s".formatted(config.endpoint(), failure.getMessage());
  }
}
