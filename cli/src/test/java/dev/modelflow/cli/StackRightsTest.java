package dev.modelflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.cli.faults.Command;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the platform's own key and roles may not do on the stack that is up. */
@Tag("stack")
class StackRightsTest {
  /** Where the stack's secrets are: a line for each try, with what the store said. */
  private static final String STORE =
      """
      secret() { cat "/run/secrets/$1"; }
      export MC_HOST_root="http://$(secret store-user):$(secret store-password)@minio:9000"
      export MC_HOST_own="http://$(secret object-key):$(secret object-secret)@minio:9000"
      mc() { command mc --quiet --config-dir /tmp/mc "$@" 2>&1; }
      try() {
        local said
        if said=$(mc "$@"); then said=done; fi
        echo "TRY $* = ${said//$'\\n'/ }"
      }
      mc mb root/theirs
      mc cp /etc/hostname root/theirs/object
      try ls own/modelflow
      try cp /etc/hostname own/modelflow/elsewhere
      try ls own/theirs
      try cat own/theirs/object
      try cp /etc/hostname own/theirs/object
      try rm own/theirs/object
      try mb own/more
      mc rb --force root/theirs
      """;

  private static final String DATABASE =
      """
      PGPASSWORD=$(cat "/run/secrets/$1") psql -w -h postgres -U "$2" -d "$3" -At -c "
        select rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls
        from pg_roles where rolname = current_user"
      """;

  @Test
  void theObjectKeyReachesNothingButItsOwnObjects() {
    Map<String, String> tries = new LinkedHashMap<>();
    Containers.written(
            Containers.compose(
                "run",
                "--rm",
                "-T",
                "--no-deps",
                "--entrypoint",
                "bash",
                "minio-setup",
                "-c",
                STORE))
        .lines()
        .filter(line -> line.startsWith("TRY "))
        .map(line -> line.substring(4).split(" = ", 2))
        .forEach(parts -> tries.put(parts[0], parts[1]));
    // The key is a good one.
    assertThat(tries.remove("ls own/modelflow")).isEqualTo("done");
    assertThat(tries)
        .containsOnlyKeys(
            "cp /etc/hostname own/modelflow/elsewhere",
            "ls own/theirs",
            "cat own/theirs/object",
            "cp /etc/hostname own/theirs/object",
            "rm own/theirs/object",
            "mb own/more")
        .allSatisfy(
            (what, said) ->
                assertThat(said)
                    .as(what)
                    .containsPattern("Access Denied|Insufficient permissions"));
  }

  @ParameterizedTest
  @CsvSource({
    "modelflow,ledger-password,temporal",
    "modelflow,ledger-password,temporal_visibility",
    "modelflow,ledger-password,postgres",
    "temporal,temporal-password,template1",
    "temporal,temporal-password,modelflow"
  })
  void aRoleEntersItsOwnDatabaseAloneAndIsNoOnesMaster(
      String role, String password, String others) {
    assertThat(Containers.written(enter(role, password, role)).strip()).isEqualTo("f");
    Command.Answer refused = enter(role, password, others);
    assertThat(refused.text()).contains("permission denied for database \"" + others + "\"");
    assertThat(refused.code()).isNotZero();
  }

  private static Command.Answer enter(String role, String password, String database) {
    return Containers.compose(
        "exec", "-T", "postgres", "bash", "-c", DATABASE, "bash", password, role, database);
  }
}
