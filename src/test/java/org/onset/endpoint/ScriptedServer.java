package org.onset.endpoint;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A server of chat completions on loopback that does with each request what a script says, and
 * remembers what it was asked.
 */
public final class ScriptedServer implements AutoCloseable {
  /** What is done with a request; it may block, while other requests are served. */
  public interface Script {
    /** What to do with {@code request}, the one of this {@code number} from 1. */
    Reply replyTo(Received request, int number) throws InterruptedException;
  }

  /** One request, as it came. */
  public record Received(String path, Optional<String> authorization, JsonNode body) {
    /** The content of the last message. */
    public String lastContent() {
      JsonNode messages = body.get("messages");
      return messages.get(messages.size() - 1).get("content").asString();
    }
  }

  private final Script script;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final List<Received> received = new ArrayList<>(); // guarded by itself, as are the next
  private int atOnce;
  private int mostAtOnce;

  private ScriptedServer(Script script) throws IOException {
    this.script = script;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::serve);
    server.setExecutor(threads);
  }

  public static ScriptedServer following(Script script) throws IOException {
    ScriptedServer scripted = new ScriptedServer(script);
    scripted.server.start();
    return scripted;
  }

  /** Gives these replies one after the other, the last for ever. */
  public static ScriptedServer replying(Reply... replies) throws IOException {
    return following(Reply.inTurn(replies));
  }

  public String baseUrl() {
    return "http://localhost:%d/v1".formatted(server.getAddress().getPort());
  }

  /**
   * An endpoint of this server: no key, no budget, four attempts, four at a time, a minute each.
   */
  public EndpointSpec spec() {
    return new EndpointSpec(baseUrl(), "scripted", null, 4, 4, 60, null);
  }

  public int hits() {
    synchronized (received) {
      return received.size();
    }
  }

  public List<Received> received() {
    synchronized (received) {
      return List.copyOf(received);
    }
  }

  /** The largest number of requests that were in this server at the same time. */
  public int mostAtOnce() {
    synchronized (received) {
      return mostAtOnce;
    }
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      @Nullable String authorization = exchange.getRequestHeaders().getFirst("Authorization");
      Received request =
          new Received(
              exchange.getRequestURI().getPath(),
              Optional.ofNullable(authorization),
              JsonMapper.shared().readTree(body));
      int number;
      synchronized (received) {
        received.add(request);
        number = received.size();
        atOnce++;
        mostAtOnce = Math.max(mostAtOnce, atOnce);
      }
      Reply reply;
      try {
        reply = script.replyTo(request, number);
      } catch (InterruptedException _) {
        return;
      } finally {
        synchronized (received) {
          atOnce--;
        }
      }
      send(exchange, reply);
    }
  }

  private void send(HttpExchange exchange, Reply reply) throws IOException {
    switch (reply) {
      case Reply.Sent(int status, var headers, String text) -> {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        headers.forEach(exchange.getResponseHeaders()::set);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
      }
      case Reply.CutShort(String text) -> {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body, 0, body.length / 2);
        exchange.getResponseBody().flush();
      }
      case Reply.HungUp() -> {}
      case Reply.Silence() -> {
        try {
          closing.await();
        } catch (InterruptedException _) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
