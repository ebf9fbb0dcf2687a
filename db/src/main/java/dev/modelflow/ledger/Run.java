package dev.modelflow.ledger;

import dev.modelflow.domain.Digest;
import dev.modelflow.domain.RunStatus;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A run as it stands.
 *
 * @param id also the id of its workflow
 * @param project whose it is
 * @param name its recipe's name
 * @param recipeDigest its recipe
 * @param status where it stands
 * @param origin whether it continues another run
 * @param overrides dotted path → value, what was changed against the recipe's source
 * @param model the recipe's model
 * @param createdBy who asked for it
 * @param createdAt when
 * @param failureMessage why it failed, in one sentence
 */
public record Run(
    String id,
    String project,
    String name,
    Digest recipeDigest,
    RunStatus status,
    RunOrigin origin,
    Map<String, @Nullable Object> overrides,
    Map<String, @Nullable Object> model,
    String createdBy,
    Instant createdAt,
    @Nullable String failureMessage) {
  /** Whether nothing more will happen in it. */
  public boolean ended() {
    return switch (status) {
      case SUCCEEDED, FAILED, CANCELLED -> true;
      case QUEUED, RUNNING, CANCELLING -> false;
    };
  }
}
