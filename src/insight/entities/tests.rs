mod labelled;
