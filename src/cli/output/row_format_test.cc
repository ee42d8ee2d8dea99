#include "cli/output/row_format.h"

#include <gtest/gtest.h>

#include <sstream>

#include "cli/output/table_format.h"
#include "cli/output/terminal.h"
#include "cli/output/text_width.h"

namespace crannog::cli {
namespace {

using sql::Column;
using sql::RowBatch;
using sql::ValueKind;

const std::vector<Column> kColumns = {{"id", "BIGINT", ValueKind::kNumber},
                                      {"name", "VARCHAR", ValueKind::kText},
                                      {"ok", "BOOLEAN", ValueKind::kBoolean}};

std::string Render(Format format, const std::vector<Column>& columns,
                   const std::vector<RowBatch>& batches, const TableStyle& style = {}) {
  (void)Terminal::Detect();
  const auto writer = MakeRowFormat(format, style);
  std::string out;
  writer->Begin(columns, out);
  for (const RowBatch& batch : batches) writer->Add(batch, out);
  writer->End(out);
  return out;
}

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

TEST(RowFormat, CsvQuotesWhatNeedsItAndTellsNullFromEmpty) {
  const RowBatch batch{
      {{"1", "a,b", "true"}, {"2", "say \"hi\"\nyou", std::nullopt}, {"3", "", "false"}}};
  EXPECT_EQ(Render(Format::kCsv, kColumns, {batch}),
            "id,name,ok\n1,\"a,b\",true\n2,\"say \"\"hi\"\"\nyou\",\n3,\"\",false\n");
}

TEST(RowFormat, JsonKeepsNumbersAndBooleansBare) {
  const RowBatch batch{{{"-1.5e3", "a\"\\\n\x01é", "true"}, {"nan", std::nullopt, "false"}}};
  EXPECT_EQ(Render(Format::kJson, kColumns, {batch}),
            "[\n{\"id\":-1.5e3,\"name\":\"a\\\"\\\\\\n\\u0001é\",\"ok\":true},\n"
            "{\"id\":\"nan\",\"name\":null,\"ok\":false}\n]\n");
  EXPECT_EQ(Render(Format::kJson, kColumns, {}), "[]\n");
  EXPECT_EQ(Render(Format::kJsonLines, kColumns, {{{{"1", "x", "true"}}}, {{{"2", "y", "true"}}}}),
            "{\"id\":1,\"name\":\"x\",\"ok\":true}\n{\"id\":2,\"name\":\"y\",\"ok\":true}\n");
}

TEST(RowFormat, JsonNeverHoldsBrokenUtf8) {
  std::string out;
  AppendJsonString(
      "a\xff"
      "b",
      out);
  EXPECT_EQ(out,
            "\"a\xEF\xBF\xBD"
            "b\"");
}

TEST(RowFormat, MarkdownEscapesAndAligns) {
  EXPECT_EQ(Render(Format::kMarkdown, kColumns, {{{{"1", "a|b", std::nullopt}}}}),
            "| id | name | ok |\n|---:|---|---|\n| 1 | a\\|b | *NULL* |\n");
}

TEST(TableFormat, PlainIsAlignedAndUncut) {
  const std::string wide(300, 'x');
  const std::string text =
      Render(Format::kTable, kColumns, {{{{"1", "ab", "true"}, {"100", wide, std::nullopt}}}});
  const auto lines = Lines(text);
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_EQ(lines[0], "  id | name" + std::string(297, ' ') + "| ok");
  EXPECT_EQ(lines[1], "-----+" + std::string(302, '-') + "+------");
  EXPECT_EQ(lines[2], "   1 | ab" + std::string(299, ' ') + "| true");
  EXPECT_EQ(lines[3], " 100 | " + wide + " | NULL");
}

TEST(TableFormat, BoxesNeverPassTheScreen) {
  const std::vector<Column> columns = {{"number", "INTEGER", ValueKind::kNumber},
                                       {"long", "VARCHAR", ValueKind::kText},
                                       {"longer", "VARCHAR", ValueKind::kText}};
  const RowBatch batch{{{"12345", std::string(50, 'a'), std::string(90, 'b')},
                        {"1", "日本語日本語日本語日本語日本語日本語", std::nullopt}}};
  for (const size_t width : {40U, 60U, 80U, 200U}) {
    const auto lines =
        Lines(Render(Format::kTable, columns, {batch}, {.columns_max = width, .box = true}));
    ASSERT_EQ(lines.size(), 6U);
    const size_t first = DisplayWidth(lines[0]);
    EXPECT_LE(first, width);
    for (const std::string& line : lines) EXPECT_EQ(DisplayWidth(line), first) << line;
    // Nothing is cut when it fits, and numbers last of all.
    EXPECT_NE(lines[3].find("12345"), std::string::npos);
    EXPECT_EQ(lines[3].find("…") == std::string::npos, width == 200);
  }
}

TEST(TableFormat, ColumnsThatCannotFitAreNamed) {
  std::vector<Column> columns;
  RowBatch batch{{{}}};
  for (int i = 0; i < 20; ++i) {
    columns.push_back({"column" + std::to_string(i), "VARCHAR", ValueKind::kText});
    batch.rows[0].push_back("value that is long");
  }
  const auto lines =
      Lines(Render(Format::kTable, columns, {batch}, {.columns_max = 60, .box = true}));
  EXPECT_LE(DisplayWidth(lines[0]), 60U);
  EXPECT_TRUE(lines.back().starts_with("not shown: "));
  EXPECT_TRUE(lines.back().ends_with("column19"));
}

TEST(TableFormat, RowsBeyondTheMeasuredOnesAreStreamed) {
  const auto format = MakeRowFormat(Format::kTable, {});
  std::string out;
  format->Begin(kColumns, out);
  RowBatch batch;
  for (size_t i = 0; i < TableFormat::kMeasuredRows; ++i) batch.rows.push_back({"1", "a", "true"});
  batch.rows.pop_back();
  format->Add(batch, out);
  EXPECT_TRUE(out.empty());
  format->Add({{{"1", "b", "true"}, {"1", "c", "true"}}}, out);
  EXPECT_EQ(Lines(out).size(), TableFormat::kMeasuredRows + 3);
}

TEST(ParseFormat, NamesWhatThereIs) {
  EXPECT_EQ(*ParseFormat("jsonl"), Format::kJsonLines);
  const auto wrong = ParseFormat("xml");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().code(), Code::kInvalid);
}

}  // namespace
}  // namespace crannog::cli
