package dev.modelflow.web.page;

import dev.modelflow.domain.Digest;
import dev.modelflow.ledger.IdempotencyKeys;
import dev.modelflow.run.RunRequest;
import dev.modelflow.web.flow.Flows;
import java.util.UUID;

/** Starts what a form asked for once, also when the form is sent twice. */
final class Submissions {
  private final IdempotencyKeys keys;
  private final Flows flows;

  Submissions(IdempotencyKeys keys, Flows flows) {
    this.keys = keys;
    this.flows = flows;
  }

  /** A key for a form that is shown anew. */
  static String freshKey() {
    return UUID.randomUUID().toString();
  }

  /** The id of the run that was recorded for this form. */
  String submit(RunRequest request, String name, String key, String actor) {
    return keys.once(
            actor,
            "form " + key,
            Digest.of(request + " " + name),
            () -> new IdempotencyKeys.Answer(303, flows.submit(request, name, actor)))
        .body();
  }
}
