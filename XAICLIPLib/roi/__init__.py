"""WHERE: words to a mask. A vision-language model (`clip`) gives a dense similarity (`dense`), `mask` a region."""
