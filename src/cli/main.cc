#include "cli/command.h"

int main(int argc, char** argv) { return crannog::cli::Run(argc, argv); }
