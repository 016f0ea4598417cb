package org.onset.study;

import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.onset.token.TokenShard;

/** The shards of several streams, open together. */
record Shards(Map<String, TokenShard> byStream) implements AutoCloseable {

  static Shards open(Collection<String> streams, Function<String, Path> prefix) {
    Map<String, TokenShard> open = new LinkedHashMap<>();
    for (String stream : streams) {
      open.put(stream, TokenShard.open(prefix.apply(stream)));
    }
    return new Shards(open);
  }

  @Override
  public void close() {
    byStream.values().forEach(TokenShard::close);
  }
}
