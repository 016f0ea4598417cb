package org.onset.endpoint;

import com.openai.core.RequestOptions;
import com.openai.core.http.Headers;
import com.openai.core.http.HttpClient;
import com.openai.core.http.HttpRequest;
import com.openai.core.http.HttpRequestBody;
import com.openai.core.http.HttpResponse;
import com.openai.errors.OpenAIIoException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;

/**
 * Sends a request exactly once, and receives the whole answer, of bounded size. Left to itself
 * OkHttp follows redirects and sends again what was answered with 408, or with 503 and {@code
 * Retry-After: 0}: attempts that no budget would see. And an answer that breaks off is met here, as
 * a broken connection, not later as JSON that makes no sense.
 */
final class SingleSend implements HttpClient {
  /** A model's longest answer is far below; what is longer is no answer of a model. */
  static final int MAX_ANSWER_BYTES = 16 << 20;

  private static final Duration LONGEST_CONNECT = Duration.ofSeconds(10);

  /** There was no connection, so the server has seen nothing of the request. */
  static final class NotSent extends IOException {
    NotSent(IOException cause) {
      super(cause);
    }
  }

  /** The answer is longer than {@link #MAX_ANSWER_BYTES}. */
  static final class TooLong extends IOException {
    TooLong() {
      super("an answer of over %d MiB".formatted(MAX_ANSWER_BYTES >> 20));
    }
  }

  private final OkHttpClient http;

  SingleSend(EndpointSpec spec) {
    Duration timeout = Duration.ofSeconds(spec.timeoutSeconds());
    http =
        new OkHttpClient.Builder()
            .followRedirects(false)
            .connectTimeout(timeout.compareTo(LONGEST_CONNECT) < 0 ? timeout : LONGEST_CONNECT)
            .readTimeout(timeout)
            .writeTimeout(timeout)
            .callTimeout(timeout)
            .connectionPool(new ConnectionPool(spec.maxParallel(), 1, TimeUnit.MINUTES))
            .build();
  }

  @Override
  public HttpResponse execute(HttpRequest request, RequestOptions options) {
    Once body = new Once(request.body());
    try (Response response = http.newCall(toOkHttp(request, body)).execute()) {
      return received(response);
    } catch (IOException e) {
      throw new OpenAIIoException("no answer", body.begun ? e : new NotSent(e));
    }
  }

  @Override
  public CompletableFuture<HttpResponse> executeAsync(HttpRequest request, RequestOptions options) {
    throw new UnsupportedOperationException("requests are sent from threads that wait");
  }

  @Override
  public void close() {
    http.connectionPool().evictAll();
  }

  private static Request toOkHttp(HttpRequest request, RequestBody body) {
    Request.Builder builder = new Request.Builder().url(request.url());
    for (String name : request.headers().names()) {
      request.headers().values(name).forEach(value -> builder.addHeader(name, value));
    }
    return builder.method(request.method().name(), body).build();
  }

  private static Received received(Response response) throws IOException {
    byte[] bytes;
    // Only the answers that OkHttp keeps inside others are without a body.
    try (InputStream in = Objects.requireNonNull(response.body()).byteStream()) {
      bytes = in.readNBytes(MAX_ANSWER_BYTES + 1);
    }
    if (bytes.length > MAX_ANSWER_BYTES) {
      throw new TooLong();
    }
    Headers.Builder headers = Headers.builder();
    response.headers().forEach(header -> headers.put(header.getFirst(), header.getSecond()));
    return new Received(response.code(), headers.build(), bytes);
  }

  /**
   * A body that may be written only once. For OkHttp that rules out every repetition but one: when
   * a host has several addresses, the next is tried as long as no connection was made.
   */
  private static final class Once extends RequestBody {
    private final byte[] content;
    private final @Nullable MediaType type;
    private boolean begun;

    Once(@Nullable HttpRequestBody body) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      if (body != null) {
        body.writeTo(bytes);
      }
      content = bytes.toByteArray();
      String contentType = body == null ? null : body.contentType();
      type = contentType == null ? null : MediaType.parse(contentType);
    }

    @Override
    public @Nullable MediaType contentType() {
      return type;
    }

    @Override
    public long contentLength() {
      return content.length;
    }

    @Override
    public boolean isOneShot() {
      return true;
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
      begun = true;
      sink.write(content);
    }
  }

  private static final class Received implements HttpResponse {
    private final int statusCode;
    private final Headers headers;
    private final byte[] bytes;

    Received(int statusCode, Headers headers, byte[] bytes) {
      this.statusCode = statusCode;
      this.headers = headers;
      this.bytes = bytes;
    }

    @Override
    public int statusCode() {
      return statusCode;
    }

    @Override
    public Headers headers() {
      return headers;
    }

    @Override
    public InputStream body() {
      return new ByteArrayInputStream(bytes);
    }

    @Override
    public void close() {}
  }
}
