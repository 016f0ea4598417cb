package org.onset.corpus.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.MessageColumnIO;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;
import org.onset.BadInput;

/** Reads the wanted columns of a Parquet file; names of nested columns are dotted. */
final class ParquetRows {
  private final String file;
  private final Configuration hadoop;

  ParquetRows(String file, Configuration hadoop) {
    this.file = file;
    this.hadoop = hadoop;
  }

  int rowGroups() throws IOException {
    try (ParquetFileReader reader = open()) {
      return reader.getRowGroups().size();
    }
  }

  /** Reads the row groups from {@code start} up to {@code end}; returns how many rows they hold. */
  long read(Columns columns, long start, long end, Consumer<SourceRecord> consumer)
      throws IOException {
    try (ParquetFileReader reader = open()) {
      MessageType all = reader.getFooter().getFileMetaData().getSchema();
      MessageType wanted = projection(all, columns.names());
      reader.setRequestedSchema(wanted);
      MessageColumnIO form = new ColumnIOFactory().getColumnIO(wanted, all);
      long line = 0;
      for (int group = (int) start; group < end; group++) {
        PageReadStore pages = reader.readRowGroup(group);
        RecordReader<Group> rows = form.getRecordReader(pages, new GroupRecordConverter(wanted));
        for (long row = 0; row < pages.getRowCount(); row++) {
          consumer.accept(record(rows.read(), columns, line++));
        }
      }
      return line;
    }
  }

  private ParquetFileReader open() throws IOException {
    return ParquetFileReader.open(HadoopInputFile.fromPath(new Path(file), hadoop));
  }

  private MessageType projection(MessageType all, List<String> names) {
    List<Type> fields = new ArrayList<>();
    for (String name : names) {
      String outermost = name.contains(".") ? name.substring(0, name.indexOf('.')) : name;
      if (all.containsField(outermost)
          && fields.stream().noneMatch(field -> field.getName().equals(outermost))) {
        fields.add(all.getType(outermost));
      }
    }
    if (fields.isEmpty()) {
      List<String> there = all.getFields().stream().map(Type::getName).toList();
      throw new BadInput(
          "%s: has none of the columns %s; there are %s"
              .formatted(FileSplit.shown(file), names, there));
    }
    return new MessageType(all.getName(), fields);
  }

  private static SourceRecord record(Group row, Columns columns, long line) {
    @Nullable String[] values = columns.emptyValues();
    for (int i = 0; i < values.length; i++) {
      try {
        values[i] = value(row, columns.names().get(i));
      } catch (CharacterCodingException e) {
        return new SourceRecord.Damaged(
            line, "`" + columns.names().get(i) + "` is not text in UTF-8", "");
      }
    }
    return columns.record(line, values);
  }

  private static @Nullable String value(Group row, String column) throws CharacterCodingException {
    GroupType type = row.getType();
    int dot = column.indexOf('.');
    String name = dot < 0 ? column : column.substring(0, dot);
    if (!type.containsField(name) || row.getFieldRepetitionCount(name) != 1) {
      return null; // missing, null, or a list
    }
    Type field = type.getType(name);
    if (!field.isPrimitive()) {
      return dot < 0 ? null : value(row.getGroup(name, 0), column.substring(dot + 1));
    }
    if (dot >= 0) {
      return null;
    }
    if (field.asPrimitiveType().getPrimitiveTypeName() == PrimitiveType.PrimitiveTypeName.BINARY) {
      ByteBuffer bytes = row.getBinary(name, 0).toByteBuffer();
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    }
    return row.getValueToString(type.getFieldIndex(name), 0);
  }
}
