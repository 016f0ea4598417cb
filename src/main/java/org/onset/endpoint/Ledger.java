package org.onset.endpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.onset.BadInput;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What has been spent through one cache folder, kept on disk; the package's description has the
 * format. Before a request is sent its worst case is reserved, afterwards the reservation is
 * replaced by what it did cost. So what is spent and reserved never exceeds the budget, however
 * many threads and processes share the folder; and what a killed process had reserved stays
 * reserved, since no one knows what it cost.
 *
 * <p>Its methods must not be called on threads that are interrupted: that would close the file.
 */
final class Ledger implements AutoCloseable {
  static final String FILE = "ledger.json";

  /**
   * The state of a ledger: attempts sent, tokens they cost, tokens that those under way may cost.
   */
  record Totals(long attempts, long spentTokens, long reservedTokens) {
    Totals reserve(long tokens) {
      return new Totals(attempts + 1, spentTokens, reservedTokens + tokens);
    }

    Totals settle(long reserved, long spent) {
      return new Totals(attempts, spentTokens + spent, reservedTokens - reserved);
    }
  }

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int VERSION = 1;

  /** Locks on files belong to the whole JVM, so its ledgers, even of one file, take turns here. */
  private static final ReentrantLock TURN = new ReentrantLock();

  private static final Condition SETTLED = TURN.newCondition();

  private final Path file;
  private final FileChannel channel;
  private final @Nullable Long budget;
  private long ownReservedTokens; // guarded by TURN

  private Ledger(Path file, FileChannel channel, @Nullable Long budget) {
    this.file = file;
    this.channel = channel;
    this.budget = budget;
  }

  static Ledger open(Path folder, @Nullable Long budget) {
    Path file = folder.resolve(FILE);
    try {
      FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      Ledger ledger = new Ledger(file, channel, budget);
      try {
        ledger.totals();
      } catch (RuntimeException e) {
        ledger.close();
        throw e;
      }
      return ledger;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot open " + file, e);
    }
  }

  /**
   * Reserves {@code tokens}; false, and nothing reserved, when the budget has no room. Where it
   * would have room once the requests under way here cost less than they might, waits for them.
   */
  boolean reserve(long tokens) {
    TURN.lock();
    try {
      while (true) {
        Room room = tryReserve(tokens);
        switch (room) {
          case YES -> {
            ownReservedTokens += tokens;
            return true;
          }
          case NO -> {
            return false;
          }
          case PERHAPS_LATER -> SETTLED.awaitUninterruptibly();
        }
      }
    } finally {
      TURN.unlock();
    }
  }

  /** Replaces a reservation of {@code reserved} tokens by the {@code spent} ones. */
  void settle(long reserved, long spent) {
    TURN.lock();
    ownReservedTokens -= reserved; // first: should the file fail, nobody must go on waiting for it
    try (FileLock _ = channel.lock()) {
      write(read().settle(reserved, spent));
    } catch (IOException e) {
      throw cannotKeep(e);
    } finally {
      SETTLED.signalAll();
      TURN.unlock();
    }
  }

  Totals totals() {
    TURN.lock();
    try (FileLock _ = channel.lock()) {
      return read();
    } catch (IOException e) {
      throw cannotKeep(e);
    } finally {
      TURN.unlock();
    }
  }

  @Override
  public void close() {
    // In turn: on POSIX, closing any channel on a file gives up all locks that the JVM has on it.
    TURN.lock();
    try {
      channel.close();
    } catch (IOException e) {
      throw cannotKeep(e);
    } finally {
      TURN.unlock();
    }
  }

  private enum Room {
    YES,
    NO,
    PERHAPS_LATER
  }

  private Room tryReserve(long tokens) {
    try (FileLock _ = channel.lock()) {
      Totals totals = read();
      if (budget != null) {
        long free = budget - totals.spentTokens() - totals.reservedTokens();
        if (tokens > free) {
          return tokens > free + ownReservedTokens ? Room.NO : Room.PERHAPS_LATER;
        }
      }
      write(totals.reserve(tokens));
      return Room.YES;
    } catch (IOException e) {
      throw cannotKeep(e);
    }
  }

  private Totals read() throws IOException {
    int size = Math.toIntExact(Math.min(channel.size(), 4096));
    if (size == 0) {
      return new Totals(0, 0, 0); // just made, by us or by a process killed before its first entry
    }
    ByteBuffer bytes = ByteBuffer.allocate(size);
    while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) > 0) {}
    Totals totals;
    try {
      JsonNode root = JSON.readTree(bytes.array());
      totals =
          new Totals(
              root.path("attempts").asLong(-1),
              root.path("spentTokens").asLong(-1),
              root.path("reservedTokens").asLong(-1));
    } catch (JacksonException _) {
      throw damaged();
    }
    if (!new String(bytes.array(), StandardCharsets.UTF_8).equals(text(totals))) {
      throw damaged();
    }
    return totals;
  }

  private void write(Totals totals) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text(totals).getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      channel.write(bytes, bytes.position());
    }
  }

  /** As many digits as the largest long has, so that the file's length never changes. */
  private static String text(Totals totals) {
    return String.format(
        Locale.ROOT,
        "{\"version\": %d, \"attempts\": %19d, \"spentTokens\": %19d, \"reservedTokens\": %19d}\n",
        VERSION,
        totals.attempts(),
        totals.spentTokens(),
        totals.reservedTokens());
  }

  private BadInput damaged() {
    return new BadInput(
        "%s: is damaged, so what has been spent is unknown; delete it to count from 0 again"
            .formatted(file));
  }

  private UncheckedIOException cannotKeep(IOException e) {
    return new UncheckedIOException("cannot keep the ledger " + file, e);
  }
}
