// The text that everything is judged against: PEP 554, first draft, 2017-09-05, unchanged.
// It is split into its sentences, so that a test can hold that each is quoted or excluded.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pep554 {

// The pinned SHA-256 of the file, in hexadecimal.
std::string_view text_sha256();

// The part of the text that clauses come from: from the heading "Abstract" up to, and without, the
// heading "Copyright". Empty when the text has no such headings. A view into `text`.
std::string_view normative_part(std::string_view text);

// The sentences of a part, in order, as views into it, without the space around them. A heading
// with its underline is no sentence; a signature such as "``create()``::" is one.
std::vector<std::string_view> sentences(std::string_view part);

} // namespace pep554
