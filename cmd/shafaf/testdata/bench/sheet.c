/* Writes a CSV file without quotes as a sheet, as a program that uses
 * libxlsxwriter does: sheet FILE.csv FILE.xlsx TYPES, a letter for each column:
 * n number, d day like 2024-12-31, b true or false, t text. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xlsxwriter.h>

static void cell(lxw_worksheet *sheet, lxw_row_t row, lxw_col_t col, char type, const char *text, lxw_format *day)
{
    if (*text == 0)
        return;
    if (type == 'n' && row > 0) {
        worksheet_write_number(sheet, row, col, strtod(text, NULL), NULL);
    } else if (type == 'd' && row > 0) {
        lxw_datetime d = {atoi(text), atoi(text + 5), atoi(text + 8), 0, 0, 0};
        worksheet_write_datetime(sheet, row, col, &d, day);
    } else if (type == 'b' && row > 0) {
        worksheet_write_boolean(sheet, row, col, *text == 't', NULL);
    } else {
        worksheet_write_string(sheet, row, col, text, NULL);
    }
}

int main(int argc, char **argv)
{
    static char line[1 << 20];
    FILE *in;
    lxw_workbook_options options = {.constant_memory = LXW_TRUE, .use_zip64 = LXW_FALSE};
    if (argc != 4 || (in = fopen(argv[1], "r")) == NULL)
        return 2;
    lxw_workbook *book = workbook_new_opt(argv[2], &options);
    lxw_worksheet *sheet = workbook_add_worksheet(book, NULL);
    lxw_format *day = workbook_add_format(book);
    format_set_num_format(day, "yyyy-mm-dd");
    for (lxw_row_t row = 0; fgets(line, sizeof line, in); row++) {
        line[strcspn(line, "\n")] = 0;
        lxw_col_t col = 0;
        for (char *at = line, *next; at && argv[3][col]; at = next, col++) {
            if ((next = strchr(at, ',')))
                *next++ = 0;
            cell(sheet, row, col, argv[3][col], at, day);
        }
    }
    return workbook_close(book) == LXW_NO_ERROR ? 0 : 1;
}
