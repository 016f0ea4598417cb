package org.onset.model;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.onset.BadInput;
import org.onset.model.Safetensors.Values;

class SafetensorsTest {
  @TempDir private Path folder;

  @Test
  void whatIsWrittenIsReadBackInOrder() {
    Path file = folder.resolve("a.safetensors");
    SequencedMap<String, Values> tensors = new LinkedHashMap<>();
    tensors.put("z", new Values(new float[] {1, -2.5f, Float.MIN_VALUE, Float.MAX_VALUE}, 2, 2));
    tensors.put("a \"quoted\" näme", new Values(new float[] {3, 4, 5}, 3));
    tensors.put("scalar", new Values(new float[] {7}));
    tensors.put("empty", new Values(new float[0], 0, 4));

    Safetensors.write(file, tensors);

    SequencedMap<String, Values> read = Safetensors.read(file);
    assertThat(read.sequencedKeySet()).containsExactly("z", "a \"quoted\" näme", "scalar", "empty");
    tensors.forEach(
        (name, values) -> {
          assertThat(of(read, name).shape()).isEqualTo(values.shape());
          assertThat(of(read, name).floats()).isEqualTo(values.floats());
        });
  }

  @Test
  void aFileLargerThanTheWritersBufferComesBackWhole() {
    Path file = folder.resolve("large.safetensors");
    float[] values = new float[700_001];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    SequencedMap<String, Values> tensors = new LinkedHashMap<>();
    tensors.put("large", new Values(values, values.length));

    Safetensors.write(file, tensors);

    assertThat(of(Safetensors.read(file), "large").floats()).isEqualTo(values);
  }

  @Test
  void theBytesAreTheFormats() throws IOException {
    Path file = folder.resolve("bytes.safetensors");
    SequencedMap<String, Values> tensors = new LinkedHashMap<>();
    tensors.put("w", new Values(new float[] {1, 2}, 1, 2));

    Safetensors.write(file, tensors);

    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int headerLength = Math.toIntExact(bytes.getLong());
    byte[] header = new byte[headerLength];
    bytes.get(header);
    assertThat(new String(header, StandardCharsets.UTF_8).strip())
        .isEqualTo(
            "{\"__metadata__\":{\"format\":\"pt\"},"
                + "\"w\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]}}");
    assertThat(headerLength % 8).isZero();
    assertThat(bytes.getFloat()).isEqualTo(1);
    assertThat(bytes.getFloat()).isEqualTo(2);
    assertThat(bytes.hasRemaining()).isFalse();
  }

  @Test
  void halfPrecisionIsWidened() throws IOException {
    ByteBuffer data = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
    data.putShort((short) 0x3c00).putShort((short) 0xc100).putShort((short) 0x0001); // f16
    data.putShort((short) 0x3f80).putShort((short) 0xc020).putShort((short) 0x7f80); // bf16
    Path file =
        write(
            "{\"half\":{\"dtype\":\"F16\",\"shape\":[3],\"data_offsets\":[0,6]},"
                + "\"brain\":{\"dtype\":\"BF16\",\"shape\":[3],\"data_offsets\":[6,12]}}",
            data.array());

    SequencedMap<String, Values> read = Safetensors.read(file);

    assertThat(of(read, "half").floats()).containsExactly(1, -2.5f, 0x1p-24f);
    assertThat(of(read, "brain").floats()).containsExactly(1, -2.5f, Float.POSITIVE_INFINITY);
  }

  /** Each header is followed by 8 bytes of data. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"w":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}} | w: holds I64; only F32, F16 and BF16 are read
          {"w":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}} | w: F32 of shape [3] takes 12 bytes, but its offsets 0 and 8 leave it 8
          {"w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}} | w: begins at offset 4, but what comes before it ends at 0
          {"w":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}} | w: ends at offset 16, but the data has 8 bytes: the file is cut short
          {"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}} | the tensors end at offset 4, but the data has 8 bytes
          {"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"v":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}} | v: begins at offset 4, but what comes before it ends at 8
          {"w":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}} | w: needs dtype, shape and two data_offsets, found
          {"w":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}} | w: F32 of shape [2] takes 8 bytes, but its offsets 8 and 0 leave it -8
          {"w":{"dtype":"F32","shape":[4294967296,4294967296,4],"data_offsets":[0,8]}} | w: the shape [4294967296, 4294967296, 4] is beyond any file
          {"w":{"dtype":"F32","shape":[2]}} | w: needs dtype, shape and two data_offsets, found
          {"w":[]} | w: needs dtype, shape and two data_offsets, found []
          {"w": | the header is no JSON
          [1,2] | the header is no JSON object
          {"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} | the header is no JSON
          """)
  void aDamagedHeaderIsRefusedByTheTensorsName(String header, String problem) throws IOException {
    Path file = write(header, new byte[8]);

    assertThatExceptionOfType(BadInput.class)
        .isThrownBy(() -> Safetensors.open(file).close())
        .withMessageContaining(file.toString())
        .withMessageContaining(problem);
  }

  @Test
  void everyProblemOfAHeaderIsSaidAtOnce() throws IOException {
    Path file =
        write(
            "{\"v\":{\"dtype\":\"U8\",\"shape\":[8],\"data_offsets\":[0,8]},"
                + "\"w\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}}",
            new byte[8]);

    assertThatExceptionOfType(BadInput.class)
        .isThrownBy(() -> Safetensors.read(file))
        .satisfies(bad -> assertThat(bad.problems()).hasSize(2));
  }

  @Test
  void aFileCutAnywhereIsRefused() throws IOException {
    Path file = folder.resolve("whole.safetensors");
    SequencedMap<String, Values> tensors = new LinkedHashMap<>();
    tensors.put("w", new Values(new float[] {1, 2, 3}, 3));
    Safetensors.write(file, tensors);
    byte[] whole = Files.readAllBytes(file);

    for (int length = 0; length < whole.length; length++) {
      Path cut = Files.write(folder.resolve("cut.safetensors"), Arrays.copyOf(whole, length));

      assertThatExceptionOfType(BadInput.class)
          .as("cut to %d bytes", length)
          .isThrownBy(() -> Safetensors.read(cut))
          .withMessageContaining("cut.safetensors");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "FLOAT16, 1.00048828125, 1.0", // half way between two: the even one
    "FLOAT16, 1.001465, 1.0019531",
    "FLOAT16, 65504, 65504",
    "BFLOAT16, 1.00390625, 1.0", // half way
    "BFLOAT16, 1.01171875, 1.015625", // half way, the other way
    "BFLOAT16, -3.1415927, -3.140625",
    "BFLOAT16, 9.2e-41, 9.1835e-41",
    "BFLOAT16, NaN, NaN",
    "BFLOAT16, -Infinity, -Infinity",
    "FLOAT16, NaN, NaN"
  })
  void halfPrecisionIsRoundedToTheNearestEven(StoredDtype dtype, float value, float expected) {
    Path file = folder.resolve("half.safetensors");
    SequencedMap<String, Values> tensors = new LinkedHashMap<>();
    tensors.put("w", new Values(new float[] {value}, 1));

    SafetensorsWriter.write(file, tensors, dtype);

    assertThat(of(Safetensors.read(file), "w").floats()).isEqualTo(new float[] {expected});
  }

  @ParameterizedTest
  @CsvSource({"FLOAT16, 70000", "BFLOAT16, 3.4e38"})
  void aNumberBeyondHalfPrecisionIsRefusedByItsTensor(StoredDtype dtype, float value) {
    SequencedMap<String, Values> tensors = new LinkedHashMap<>();
    tensors.put("huge", new Values(new float[] {1, value}, 2));

    assertThatExceptionOfType(BadInput.class)
        .isThrownBy(
            () -> SafetensorsWriter.write(folder.resolve("half.safetensors"), tensors, dtype))
        .withMessageContaining("huge: holds " + value)
        .withMessageContaining("write it as float32");
  }

  @Test
  void aMissingFileIsBadInput() {
    assertThatExceptionOfType(BadInput.class)
        .isThrownBy(() -> Safetensors.read(folder.resolve("none.safetensors")))
        .withMessageContaining("none.safetensors: there is no such file");
  }

  @Test
  void writingReplacesALongerFile() throws IOException {
    Path file = Files.write(folder.resolve("old.safetensors"), new byte[10_000]);
    SequencedMap<String, Values> tensors = new LinkedHashMap<>();
    tensors.put("w", new Values(new float[] {1}, 1));

    Safetensors.write(file, tensors);

    assertThat(of(Safetensors.read(file), "w").floats()).containsExactly(1);
  }

  private static Values of(SequencedMap<String, Values> tensors, String name) {
    return requireNonNull(tensors.get(name), name);
  }

  private Path write(String header, byte[] data) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + json.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(json.length).put(json).put(data);
    return Files.write(folder.resolve("made.safetensors"), bytes.array());
  }
}
