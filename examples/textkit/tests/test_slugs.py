from textkit.slugs import slugify


class TestSlugify:
    def test_one_word(self):
        assert slugify("News") == "news"

    def test_words_are_joined(self):
        assert slugify("The Quick Fox") == "the-quick-fox"

    def test_spaces_around_do_not_count(self):
        assert slugify("  Über uns ") == "über-uns"
