package dev.modelflow.objects;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.domain.Digest;
import dev.modelflow.objects.FakeStore.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an inventory asks a store that answers as it is told. */
class InventoryTest {
  private static final Duration AGE = Duration.ofDays(1);
  private static final Answer OLD = Answer.object(Duration.ofDays(30));
  private static final Answer NEW = Answer.object(Duration.ZERO);
  private static final Answer GONE = new Answer(404, Duration.ZERO, "");
  private static final Answer AWAY =
      new Answer(503, Duration.ZERO, "<Error><Code>SlowDown</Code></Error>");

  private static final Inventory.Guard NOBODY =
      new Inventory.Guard() {
        @Override
        public void around(Inventory.Stored object, Runnable removal) {
          removal.run();
        }

        @Override
        public void confirm() {}
      };

  private final Deque<Answer> answers = new ConcurrentLinkedDeque<>();
  private final FakeStore store = new FakeStore(request -> answers.pop());
  private final Inventory inventory = Inventory.open(store.config());

  @AfterEach
  void close() {
    inventory.close();
    store.close();
  }

  @Test
  void whatIsNewWhenItsRemovalIsTriedAgainStays() {
    answers.addAll(List.of(OLD, AWAY, NEW));
    assertThat(inventory.remove(object(1), AGE, NOBODY)).isFalse();
    assertThat(store.methods()).containsExactly("HEAD", "DELETE", "HEAD");
  }

  @Test
  void whatIsNotConfirmedIsNotRemoved() {
    answers.addAll(List.of(OLD, NEW));
    Inventory.Guard lost =
        new Inventory.Guard() {
          @Override
          public void around(Inventory.Stored object, Runnable removal) {
            removal.run();
          }

          @Override
          public void confirm() {
            throw new IllegalStateException("the lock is lost");
          }
        };
    assertThat(inventory.remove(object(1), AGE, lost)).isFalse();
    assertThat(store.methods()).containsExactly("HEAD", "HEAD");
  }

  @Test
  void whatWentWithoutAnAnswerWasRemoved() {
    answers.addAll(List.of(OLD, AWAY, GONE));
    assertThat(inventory.remove(object(1), AGE, NOBODY)).isTrue();
  }

  @Test
  void whatIsOldGoesAndWhatIsGoneWasNotRemoved() {
    answers.addAll(List.of(OLD, Answer.DONE, GONE, NEW));
    assertThat(inventory.remove(object(1), AGE, NOBODY)).isTrue();
    assertThat(inventory.remove(object(1), AGE, NOBODY)).isFalse();
    assertThat(inventory.remove(object(1), AGE, NOBODY)).isFalse();
    assertThat(store.methods()).containsExactly("HEAD", "DELETE", "HEAD", "HEAD");
  }

  @Test
  void aListGoesOnWhereItWasWhenTheStoreWasAway() {
    answers.addAll(List.of(objects(1, 2), AWAY, objects(3), objects()));
    List<Inventory.Stored> found = new ArrayList<>();
    inventory.olderThan(AGE, 2, found::addAll);
    assertThat(found).containsExactly(object(1), object(2), object(3));
    String further = "start-after=objects%2F00%2F" + object(2).key().substring(11);
    assertThat(store.requests().subList(1, 3)).allMatch(it -> it.contains(further));
    assertThat(store.requests()).hasSize(4);
  }

  @Test
  void uploadsBehindTheFirstPageAreSeen() {
    answers.addAll(List.of(uploads(true, 1, 2), uploads(false, 3)));
    assertThat(inventory.brokenOff(AGE, true)).isEqualTo(3);
    assertThat(store.requests().getLast()).contains("key-marker=objects%2F", "upload-id-marker=u2");
  }

  private static Inventory.Stored object(int number) {
    Digest digest = new Digest("%064x".formatted(number));
    return new Inventory.Stored(ObjectStore.key(digest), Optional.of(digest), 7);
  }

  private static Answer objects(int... numbers) {
    return Answer.listing(numbers.length == 2, keys(numbers));
  }

  private static Answer uploads(boolean truncated, int... numbers) {
    return Answer.uploads(truncated, keys(numbers));
  }

  private static List<String> keys(int... numbers) {
    return IntStream.of(numbers).mapToObj(number -> object(number).key()).toList();
  }
}
